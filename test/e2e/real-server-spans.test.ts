/**
 * A request whose response names its server's trace: the server's spans, of a real Jaeger, beside and beneath it; and
 * ways from the recording to the backend. Runs where Jaeger is built; see vitest.config.ts.
 */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type RunningJaeger, startJaeger } from '../backends/real/servers.ts';
import { buildBackend } from '../builders/backends.ts';
import { findBarriers } from './harness/axe.ts';
import { takeScreenshot, test } from './harness/browser.ts';
import { copyForLoopback, type LoopbackExtension } from './harness/loopback-extension.ts';
import { putIntoStorage } from './harness/sending.ts';
import { TRACEPARENT } from './harness/site.ts';

const [, TRACE, SPAN] = TRACEPARENT.split('-');

let extension: LoopbackExtension;
let jaeger: RunningJaeger;
beforeAll(async () => {
  extension = copyForLoopback();
  jaeger = await startJaeger();
});
afterAll(async () => {
  extension.remove();
  await jaeger.stop();
});

/** As a server would say: what it did for the page, ten minutes ago by its own clock. */
async function tellServerSpans(): Promise<void> {
  const start = Date.now() - 600_000;
  const span = (spanId: string, parentSpanId: string, name: string, at: number, length: number) => ({
    traceId: TRACE,
    spanId,
    parentSpanId,
    name,
    kind: 2,
    startTimeUnixNano: `${start + at}000000`,
    endTimeUnixNano: `${start + at + length}000000`,
  });
  const spans = [
    span(SPAN, '', 'GET /told', 0, 8),
    span('1'.repeat(16), SPAN, 'SELECT items', 2, 4),
    span('2'.repeat(16), SPAN, 'render template', 6, 1),
  ];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'storefront' } }] };
  const answer = await fetch(`${jaeger.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'http' }, spans }] }] }),
  });
  expect(answer.status).toBe(200);
}

describe('a request', () => {
  test('shows what its server did, beneath its bar and in its details, and leads to Jaeger', async ({
    site,
    launch,
  }) => {
    await tellServerSpans();
    const browser = await launch({ extension: extension.path, url: `${site.origin}/told` });
    await browser.press('told');
    const recording = await browser.recorded();
    const page = await browser.viewer();
    await page.locator('.flame-chart[data-idle="true"]').waitFor();
    const destination = { queryUrl: jaeger.queryUrl };
    await putIntoStorage(page, { backends: [buildBackend('otlp-traces', jaeger.url, { destination })] });
    await page.reload();
    await page.locator('.flame-chart[data-idle="true"]').waitFor();

    await page.getByText('At the servers').first().waitFor();
    await page.getByRole('link', { name: 'Jaeger' }).waitFor();
    expect(await page.getByRole('link', { name: 'Jaeger' }).getAttribute('href')).toContain(
      `${jaeger.queryUrl}/trace/${TRACE}`,
    );

    // Found by name as every other box is.
    await page.keyboard.press('/');
    await page.keyboard.type('SELECT items');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /SELECT items · storefront/ }).waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('told');
    await page.keyboard.press('Enter');
    const server = page.getByRole('region', { name: 'At the server' });
    await server.getByText('GET /told').waitFor();
    await server.getByText('SELECT items').waitFor();
    await server.getByText('clock and this one do not agree').waitFor();
    expect(await findBarriers(page, '.details')).toEqual([]);
    await page.setViewportSize({ width: 1200, height: 900 });
    await takeScreenshot(page, 'server-spans-wide');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 400, height: 800 });
    await takeScreenshot(page, 'server-spans-dark-400');
    expect(recording.serverTrace?.traceId).toBe(TRACE);
  }, 60_000);
});
