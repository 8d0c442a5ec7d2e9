/**
 * Insights of the shared traces beside those of DevTools' own engine. Where both speak of the same, they agree; where not,
 * docs/insights.md says why.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  classifySlices,
  collectInsights,
  collectPageItems,
  findInitiators,
  findPageLoad,
  type Insight,
  type InsightKind,
} from '../../../src/analysis/index.ts';
import { thirdPartyNamer } from '../../../src/engine/scripts/script-parties.ts';
import { readTraceFile, SHARED } from '../../builders/shared-traces.ts';

interface Window {
  readonly range: number;
}

interface DevToolsModel {
  readonly LCPBreakdown?: { readonly subparts?: Readonly<Record<string, Window>> };
  readonly RenderBlocking?: {
    readonly renderBlockingRequests?: readonly {
      readonly args: { readonly data: { readonly url: string } };
    }[];
  };
  readonly CLSCulprits?: { readonly shifts?: ReadonlyMap<unknown, unknown> };
  readonly INPBreakdown?: {
    readonly longestInteractionEvent?: {
      readonly dur: number;
      readonly inputDelay: number;
      readonly mainThreadHandling: number;
      readonly presentationDelay: number;
    };
  };
}

const pathOf = (name: string): string => join(SHARED, 'traces', `${name}.json.gz`);

async function askDevTools(name: string): Promise<DevToolsModel> {
  Object.assign(globalThis, { DOMRect: class {} });
  const { TraceModel } = await import('@paulirish/trace_engine');
  const file = JSON.parse(gunzipSync(readFileSync(pathOf(name))).toString());
  const model = TraceModel.Model.createWithAllHandlers();
  await model.parse(file.traceEvents ?? file, { metadata: file.metadata ?? {}, isFreshRecording: false });
  const sets = [...(model.parsedTrace()?.insights?.values() ?? [])];
  // What follows the last navigation is the page, as with us.
  const last = sets.findLast(({ navigation }) => navigation !== undefined) ?? sets.at(-1);
  return (last?.model ?? {}) as unknown as DevToolsModel;
}

async function askUs(name: string): Promise<(kind: InsightKind) => Insight | undefined> {
  const tables = await readTraceFile(pathOf(name));
  const page = findPageLoad(tables);
  const items = collectPageItems(tables, page);
  const insights = collectInsights({
    tables,
    classes: classifySlices(tables),
    page,
    items,
    initiators: () => findInitiators(tables, items),
    thirdPartyOf: thirdPartyNamer(page.url),
  });
  return (kind) => insights.find((insight) => insight.kind === kind);
}

/** A response's end as Chrome's network tells it, and as the renderer hears of it. */
const HEARD_MILLIS = 1.5;

describe('agree with DevTools', () => {
  test.each([
    'lh-artifacts-amp-trace',
    'lh-artifacts-animation-trace',
    'lh-artifacts-intercom-widget-trace',
    'lh-artifacts-render-blocking-trace',
    'lh-artifacts-speedindex-1ms-trace',
    'lh-artifacts-user-timing-trace',
    'lh-traces-jumpy-cls-m90',
    'lhreport',
  ])('%s', { timeout: 60_000 }, async (name) => {
    const [theirs, ours] = await Promise.all([askDevTools(name), askUs(name)]);
    const parts = theirs.LCPBreakdown?.subparts ?? {};
    const lcp = ['ttfb', 'loadDelay', 'loadDuration', 'renderDelay'].flatMap((part) => parts[part] ?? []);
    const own = ours('lcp-parts')?.evidence.map(({ millis }) => millis ?? 0) ?? [];
    expect(own.length, 'parts of LCP').toBe(lcp.length);
    for (const [index, { range }] of lcp.entries())
      expect(Math.abs(own[index] - range / 1000), `part ${index} of LCP`).toBeLessThan(HEARD_MILLIS);
    const blocking = theirs.RenderBlocking?.renderBlockingRequests ?? [];
    expect(ours('render-blocking')?.evidence.length ?? 0, 'render-blocking').toBe(blocking.length);
    const shifts = theirs.CLSCulprits?.shifts?.size ?? 0;
    if (shifts > 0) {
      const insight = ours('layout-shifts');
      expect((insight?.evidence.length ?? 0) + (insight?.leftOut ?? 0), 'layout shifts').toBe(shifts);
    }
  });

  test('the slowest interaction, part by part', async () => {
    const name = 'lh-traces-timespan-responsiveness-m103';
    const [theirs, ours] = await Promise.all([askDevTools(name), askUs(name)]);
    const slowest = theirs.INPBreakdown?.longestInteractionEvent;
    const [first] = ours('slow-interactions')?.evidence ?? [];
    expect(first?.millis).toBe((slowest?.dur ?? 0) / 1000);
    expect((slowest?.inputDelay ?? 0) / 1000).toBe(2);
    // DevTools takes the pointerdown alone (40 ms of handlers): the others end 2 ms before it, in durations of 8 ms. The
    // library web-vitals puts them together as we do: from 5648 to 5855 of the document's clock.
    expect(slowest?.mainThreadHandling).toBe(40_000);
    expect(first?.note).toBe('waited 2.0 ms, handlers 207 ms, paint 159 ms');
  });
});
