/** How recordings and their files are called. */
import { expect, test } from 'vitest';
import {
  createRecording,
  defaultRecordingName,
  newRecordingId,
  recordingFileName,
  withoutCredentials,
} from '../../../src/recording/index.ts';
import { buildRecording, STARTED_AT } from '../../builders/recording.ts';

test.each([
  ['https://shop.example/cart?id=1', 'shop.example-2026-03-01T14-02-33Z'],
  ['http://localhost:8080/', 'localhost-8080-2026-03-01T14-02-33Z'],
  ['http://[::1]:80/', '1-2026-03-01T14-02-33Z'],
  ['https://bücher.example/', 'xn--bcher-kva.example-2026-03-01T14-02-33Z'],
  ['file:///tmp/page.html', 'file-2026-03-01T14-02-33Z'],
  ['data:text/html,hello', 'data-2026-03-01T14-02-33Z'],
  ['not an address', 'page-2026-03-01T14-02-33Z'],
])('%s is called %s', (url, name) => {
  expect(defaultRecordingName(url, STARTED_AT)).toBe(name);
});

test.each([
  ['before the fix', 'before-the-fix.pageflame'],
  ['../../etc/passwd', 'etc-passwd.pageflame'],
  ['a:b*c?"<>|\\d', 'a-b-c-d.pageflame'],
  ['Käse 2', 'Käse-2.pageflame'],
  ['...', 'recording.pageflame'],
  ['x'.repeat(500), `${'x'.repeat(120)}.pageflame`],
])('a recording called %j is saved as %j', (name, file) => {
  expect(recordingFileName({ name })).toBe(file);
});

test.each([
  ['https://ann:se%20cret@shop.example/cart?id=1#top', 'https://shop.example/cart?id=1#top'],
  ['https://ann@shop.example/', 'https://shop.example/'],
  // As it was given.
  ['https://shop.example', 'https://shop.example'],
  ['data:text/html,a:b@c', 'data:text/html,a:b@c'],
  ['not an address', 'not an address'],
])('no password is kept of %s', (url, kept) => {
  expect(withoutCredentials(url)).toBe(kept);
  const { options, browser, recorder } = buildRecording();
  const start = { url, startedAt: STARTED_AT, options, browser, recorder, bufferSizeKb: 1 };
  expect(createRecording(newRecordingId(), start)).toMatchObject({ requestedUrl: kept, url: kept });
});

test('a new recording knows nothing yet', () => {
  const recording = buildRecording();
  expect(recording).toMatchObject({
    state: 'recording',
    trace: null,
    frames: [],
    loadFinished: false,
    dataLoss: null,
  });
  expect(newRecordingId()).not.toBe(newRecordingId());
});
