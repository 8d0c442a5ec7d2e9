/**
 * What the extension sends, against the real Collector and Jaeger: a recording of the fixture page, by hand.
 * Runs where they are built (`npm run test:backends`, always in CI); see vitest.config.ts.
 */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import {
  type RunningCollector,
  type RunningJaeger,
  startCollector,
  startJaeger,
} from '../backends/real/servers.ts';
import { test } from './harness/browser.ts';
import { copyForLoopback, type LoopbackExtension } from './harness/loopback-extension.ts';
import { addBackend, fillIn, openScreen, testConnection } from './harness/sending.ts';

const PROFILES = 'OpenTelemetry profiles';
const TRACES = 'OpenTelemetry traces: Jaeger, Tempo, Collector';

let extension: LoopbackExtension;
let collector: RunningCollector;
let jaeger: RunningJaeger;
beforeAll(async () => {
  extension = copyForLoopback();
  [collector, jaeger] = await Promise.all([startCollector(), startJaeger()]);
});
afterAll(async () => {
  extension.remove();
  await Promise.all([collector.stop(), jaeger.stop()]);
});

interface JaegerSpan {
  readonly name: string;
  readonly traceId: string;
}

describe('a recording of the fixture page', () => {
  test('is in the Collector with its stacks and in Jaeger with its spans, each once', async ({
    site,
    launch,
  }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html?token=t0p` });
    await browser.press('busy.html');
    await browser.recorded();
    const page = await browser.viewer();
    await page.locator('.flame-chart[data-idle="true"]').waitFor();

    await openScreen(page, 'Backends');
    await page.getByRole('button', { name: 'Add a backend' }).click();
    // Where Jaeger is asked takes no traces.
    await fillIn(page, { product: TRACES, url: jaeger.queryUrl });
    expect(await testConnection(page)).toMatch(/another product.*it is where Jaeger is asked/);
    await fillIn(page, { product: TRACES, url: jaeger.url, queryUrl: jaeger.queryUrl });
    expect(await testConnection(page)).toMatch(/answers and takes.*nothing is there twice/);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Add a backend' }).waitFor();
    await addBackend(page, { product: PROFILES, url: collector.url });

    for (const product of [TRACES, PROFILES]) {
      await openScreen(page, 'Send');
      await page.getByRole('radio', { name: new RegExp(`^${product} at`) }).check();
      await page.locator('.primary-button:enabled').click();
      const line = page.locator('.deliveries > li').filter({ hasText: `to ${product} at` });
      await line.getByText('delivered', { exact: true }).waitFor();
    }
    const link = await page.getByRole('link', { name: 'Look at it in Jaeger' }).getAttribute('href');
    const traceId = /\/trace\/([0-9a-f]{32})/.exec(link ?? '')?.[1];
    const spans = await poll('the spans', async () => {
      const answer = await fetch(`${jaeger.queryUrl}/api/v3/traces/${traceId}`);
      if (!answer.ok) return null;
      const { result } = (await answer.json()) as {
        result?: { resourceSpans?: { scopeSpans: { spans: JaegerSpan[] }[] }[] };
      };
      return (
        result?.resourceSpans?.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)) ?? null
      );
    });
    expect(spans.filter(({ name }) => name === 'documentLoad')).toHaveLength(1);
    expect(spans.filter(({ name }) => name === 'documentFetch')).toHaveLength(1);
    const received = await poll('the profiles', async () => {
      const text = await collector.received();
      return text.includes('f3') ? text : null;
    });
    for (const name of ['f1', 'f2', 'f3']) expect(received).toContain(name);
    expect(received).toContain(traceId);
    expect(received).not.toContain('t0p');
    expect(JSON.stringify(spans)).not.toContain('t0p');
  });
});
