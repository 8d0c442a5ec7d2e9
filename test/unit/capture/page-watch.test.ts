/** What the protocol's events mean for the recording. Recording began at 1 000 (Unix ms). */
import { describe, expect, it } from 'vitest';
import { LoadWait } from '../../../src/capture/load-wait.ts';
import { PageWatch } from '../../../src/capture/page-watch.ts';
import { DEFAULT_CAPTURE_OPTIONS, type Recording } from '../../../src/recording/index.ts';
import { buildRecording } from '../../builders/recording.ts';

const STARTED = 1_000;

function watchPage(documentSeen = false) {
  let recording: Recording = buildRecording({ startedAt: STARTED });
  const happenings: string[] = [];
  const wait = new LoadWait(DEFAULT_CAPTURE_OPTIONS, 'load', STARTED);
  const watch = new PageWatch({
    wait,
    startedAt: STARTED,
    documentSeen,
    recording: () => recording,
    change: (changes) => {
      recording = { ...recording, ...changes };
    },
    happened: (name, at) => happenings.push(`${name} ${at}`),
  });
  return { watch, wait, happenings, recording: () => recording };
}

const navigated = (changes = {}) => ({
  frame: { id: 'f', loaderId: 'l', url: 'http://shop.example/', ...changes },
});
const report = (payload: unknown) => ({ name: 'pageflameReport', payload: JSON.stringify(payload) });
const vital = (changes = {}) =>
  report({ kind: 'vital', origin: 1_100, name: 'LCP', value: 250, rating: 'good', at: 1_350, ...changes });
const documentReport = (origin: number, hidden = false, metas = {}) =>
  report({ kind: 'document', origin, width: 800, height: 600, pixelRatio: 1.5, hidden, metas });

const TRACE = 'a'.repeat(32);
const SPAN = 'b'.repeat(16);
const documentResponse = (headers: Record<string, string>) => ({
  requestId: 'l',
  loaderId: 'l',
  type: 'Document',
  response: { status: 200, headers },
});

describe('PageWatch', () => {
  it('follows the load', () => {
    const { watch, happenings, recording, wait } = watchPage();
    watch.handle(
      'Page.frameNavigated',
      navigated({ url: 'http://ann:secret@shop.example/', urlFragment: '#top' }),
      1_100,
    );
    watch.handle('Page.domContentEventFired', {}, 1_200);
    watch.handle('Page.loadEventFired', {}, 1_300);
    expect(happenings).toEqual(['navigated 1100', 'DOMContentLoaded 1200', 'load 1300']);
    expect(recording()).toMatchObject({
      url: 'http://shop.example/#top',
      loadFinished: true,
      loadError: null,
    });
    expect(wait.loadedAt).toBe(1_300);
  });

  it('takes no event of the page that was there before for the load', () => {
    const { watch, happenings, wait } = watchPage();
    watch.handle('Page.loadEventFired', {}, 1_050);
    expect(happenings).toEqual([]);
    expect(wait.loadedAt).toBeNull();
  });

  it('takes a page that comes back from the back/forward cache for loaded: no load event follows', () => {
    const { watch, happenings, recording, wait } = watchPage();
    watch.handle('Page.frameNavigated', navigated(), 1_100);
    watch.handle('Page.loadEventFired', {}, 1_200);
    const back = navigated({ loaderId: 'k', url: 'http://shop.example/before' });
    watch.handle('Page.frameNavigated', { ...back, type: 'BackForwardCacheRestore' }, 1_500);
    expect(recording()).toMatchObject({ url: 'http://shop.example/before', loadFinished: true });
    expect(wait.loadedAt).toBe(1_500);
    expect(happenings.slice(2)).toEqual(['navigated 1500', 'from the cache 1500']);
  });

  it('waits for no load event of a document that broke off, and says why', () => {
    const { watch, recording, wait } = watchPage();
    watch.handle('Page.frameNavigated', navigated(), 1_100);
    const failed = { requestId: 'l', type: 'Document', errorText: 'net::ERR_CONTENT_LENGTH_MISMATCH' };
    watch.handle('Network.loadingFailed', failed, 1_200);
    expect(recording()).toMatchObject({ loadFinished: false, loadError: 'net::ERR_CONTENT_LENGTH_MISMATCH' });
    expect(wait.loadedAt).toBe(1_200);
  });

  it('goes on waiting where a document is given up, and where one of a frame fails', () => {
    const { watch, recording, wait } = watchPage();
    watch.handle('Page.frameNavigated', navigated(), 1_100);
    const failed = { requestId: 'of-a-frame', type: 'Document', errorText: 'net::ERR_EMPTY_RESPONSE' };
    watch.handle('Network.loadingFailed', failed, 1_150);
    expect(wait.loadedAt).toBeNull();
    const stopped = { requestId: 'l', type: 'Document', errorText: 'net::ERR_ABORTED', canceled: true };
    watch.handle('Network.loadingFailed', stopped, 1_200);
    expect(recording()).toMatchObject({ loadFinished: false, loadError: null });
    expect(wait.loadedAt).toBeNull();
  });

  it('goes on waiting for a document that is navigated to', () => {
    const { watch, recording, wait } = watchPage();
    watch.handle('Page.frameNavigated', { ...navigated(), type: 'Navigation' }, 1_100);
    expect(recording().loadFinished).toBe(false);
    expect(wait.loadedAt).toBeNull();
  });

  it('knows version and trace from the headers of the document, before its meta tags', () => {
    const { watch, recording } = watchPage();
    const headers = {
      'X-App-Version': '2.3.0',
      'Server-Timing': `traceparent;desc="00-${TRACE}-${SPAN}-01"`,
    };
    watch.handle('Network.responseReceived', documentResponse(headers), 1_050);
    watch.handle('Page.frameNavigated', navigated(), 1_100);
    expect(recording()).toMatchObject({
      pageVersion: '2.3.0',
      serverTrace: { traceId: TRACE, spanId: SPAN },
    });
    const metas = { version: '9', traceparent: `00-${'c'.repeat(32)}-${SPAN}-01` };
    watch.handle('Runtime.bindingCalled', documentReport(1_100, false, metas), 1_150);
    expect(recording()).toMatchObject({ pageVersion: '2.3.0', serverTrace: { traceId: TRACE } });
    // Another document has its own.
    watch.handle('Page.frameNavigated', navigated({ loaderId: 'm' }), 1_200);
    expect(recording()).toMatchObject({ pageVersion: null, serverTrace: null });
    watch.handle('Runtime.bindingCalled', documentReport(1_200, false, metas), 1_250);
    expect(recording()).toMatchObject({ pageVersion: '9', serverTrace: { traceId: 'c'.repeat(32) } });
  });

  it('takes no frame for the page', () => {
    const { watch, recording } = watchPage();
    watch.handle('Page.frameNavigated', navigated({ parentId: 'f', url: 'http://ad.example/' }), 1_200);
    expect(recording().url).not.toContain('ad.example');
  });

  it('names an error page by the address that failed', () => {
    const { watch, recording } = watchPage();
    watch.handle(
      'Network.loadingFailed',
      { requestId: 'l', type: 'Document', errorText: 'net::ERR_FAILED' },
      1_050,
    );
    const frame = { url: 'chrome-error://chromewebdata/', unreachableUrl: 'http://nope.example/' };
    watch.handle('Page.frameNavigated', navigated(frame), 1_100);
    expect(recording()).toMatchObject({ url: 'http://nope.example/', loadError: 'net::ERR_FAILED' });
  });

  it('ends the wait where no document comes at all', () => {
    const { watch, recording, wait } = watchPage();
    watch.handle(
      'Network.loadingFailed',
      { requestId: 'l', type: 'Document', errorText: 'net::ERR_ABORTED' },
      1_050,
    );
    expect(recording()).toMatchObject({ loadError: 'net::ERR_ABORTED', loadFinished: false });
    expect(wait.loadedAt).toBe(1_050);
  });

  it('does not take the error of a frame for that of the page', () => {
    const { watch, recording } = watchPage(true);
    const response = { requestId: 'x', loaderId: 'x', type: 'Document', response: { status: 404 } };
    watch.handle('Network.responseReceived', response, 1_050);
    watch.handle(
      'Network.loadingFailed',
      { requestId: 'y', type: 'Document', errorText: 'net::ERR_FAILED' },
      1_060,
    );
    watch.handle('Page.frameNavigated', navigated({ parentId: 'f', loaderId: 'x' }), 1_100);
    expect(recording().loadError).toBeNull();
  });

  it('keeps what the page reports', () => {
    const { watch, recording, happenings } = watchPage();
    watch.handle('Page.frameNavigated', navigated(), 1_100);
    watch.handle('Runtime.bindingCalled', documentReport(1_100), 1_101);
    watch.handle('Runtime.bindingCalled', vital({ name: 'FCP', value: 200, at: 1_300 }), 1_310);
    watch.handle('Runtime.bindingCalled', vital(), 1_360);
    watch.handle('Runtime.bindingCalled', vital({ value: 300, at: 1_400 }), 1_410);
    expect(recording()).toMatchObject({
      viewport: { width: 800, height: 600 },
      devicePixelRatio: 1.5,
      tabVisible: true,
      vitals: { LCP: { value: 300, rating: 'good' }, FCP: { value: 200 }, CLS: null },
    });
    expect(happenings).toEqual(['navigated 1100']);
  });

  it('forgets the vitals of a document that another one follows', () => {
    const { watch, recording } = watchPage();
    watch.handle('Runtime.bindingCalled', documentReport(1_100), 1_101);
    watch.handle('Runtime.bindingCalled', vital(), 1_360);
    watch.handle('Page.frameNavigated', navigated({ loaderId: 'm' }), 1_500);
    watch.handle('Runtime.bindingCalled', documentReport(1_490), 1_510);
    watch.handle('Runtime.bindingCalled', vital({ at: 1_450 }), 1_520);
    expect(recording().vitals.LCP).toBeNull();
  });

  it('remembers that the tab was hidden at any time', () => {
    const { watch, recording } = watchPage();
    watch.handle('Runtime.bindingCalled', documentReport(1_100), 1_101);
    watch.handle('Runtime.bindingCalled', report({ kind: 'hidden' }), 1_200);
    watch.handle('Runtime.bindingCalled', documentReport(1_300), 1_301);
    expect(recording().tabVisible).toBe(false);
  });

  it('takes late reports of what happened before the stop, and nothing else', () => {
    const { watch, recording, happenings } = watchPage(true);
    watch.handle('Runtime.bindingCalled', documentReport(1_100), 1_101);
    watch.stop(2_000);
    watch.handle('Runtime.bindingCalled', vital({ name: 'INP', value: 40, at: 1_900 }), 2_400);
    watch.handle('Runtime.bindingCalled', vital({ name: 'CLS', value: 0.4, at: 2_100 }), 2_400);
    watch.handle('Runtime.bindingCalled', documentReport(2_050, true), 2_060);
    watch.handle('Page.frameNavigated', navigated({ url: 'http://other.example/' }), 2_060);
    watch.handle('Page.loadEventFired', {}, 2_100);
    expect(recording()).toMatchObject({ tabVisible: true, vitals: { INP: { value: 40 }, CLS: null } });
    expect(recording().url).not.toContain('other');
    expect(happenings).toEqual([]);
  });

  it('takes no vital of a load before the recording, but a CLS of nothing', () => {
    const { watch, recording } = watchPage(true);
    watch.handle('Runtime.bindingCalled', vital({ origin: 500, at: 700 }), 1_010);
    watch.handle('Runtime.bindingCalled', vital({ origin: 500, at: 500, name: 'CLS', value: 0 }), 1_010);
    expect(recording().vitals).toMatchObject({ LCP: null, CLS: { value: 0 } });
  });

  it('hears no other binding', () => {
    const { watch, recording } = watchPage(true);
    watch.handle('Runtime.bindingCalled', { ...vital(), name: 'other' }, 1_400);
    expect(recording().vitals.LCP).toBeNull();
  });
});
