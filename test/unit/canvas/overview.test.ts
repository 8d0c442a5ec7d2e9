import { signal } from '@preact/signals';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATEGORIES, type NetworkRequest } from '../../../src/analysis/index.ts';
import {
  type CpuOverview,
  keyOfLook,
  MIN_SPAN,
  makeGrid,
  seriesOfPage,
  sumRequestsOverTime,
} from '../../../src/flame/index.ts';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { placeButton } from '../../../src/panel/canvas/overview/overview-button.ts';
import { moveEdge, pressHandleKey } from '../../../src/panel/canvas/overview/overview-gestures.ts';
import { layOutLanes } from '../../../src/panel/canvas/overview/overview-lanes.ts';
import { paintOverview, stackColumns } from '../../../src/panel/canvas/overview/overview-painter.ts';
import { describeOverview, readOverview } from '../../../src/panel/canvas/overview/overview-words.ts';
import { makePalette } from '../../../src/panel/canvas/paint/palette.ts';
import { THEMES } from '../../../src/panel/canvas/paint/theme.ts';
import { DrawLog } from '../../builders/draw-log.ts';

const SCRIPTING = CATEGORIES.indexOf('scripting');
const RENDERING = CATEGORIES.indexOf('rendering');
const RANGE = { start: 1_000, end: 2_000 };

/** Buckets over {@link RANGE}: microseconds of scripting and of rendering. */
function overviewOf(scripting: readonly number[], rendering: readonly number[]): CpuOverview {
  const buckets = scripting.length;
  const busy = new Float32Array(CATEGORIES.length * buckets);
  busy.set(scripting, SCRIPTING * buckets);
  busy.set(rendering, RENDERING * buckets);
  return { range: RANGE, buckets, busy };
}

function buildRequest(changes: Partial<NetworkRequest>): NetworkRequest {
  return {
    id: '1',
    url: 'https://a.example/',
    method: 'GET',
    resourceType: '',
    priority: '',
    mimeType: '',
    status: 200,
    start: 0,
    responseStart: null,
    end: null,
    encodedBytes: null,
    decodedBytes: null,
    renderBlocking: '',
    failed: false,
    initiator: { type: '', url: '', line: 0, column: 0 },
    pid: 7,
    ...changes,
  };
}

describe('stackColumns', () => {
  test('shares of columns that are wider or narrower than buckets', () => {
    const overview = overviewOf([500, 250], [0, 250]);
    const half = stackColumns(overview, RANGE, 1);
    expect([half[SCRIPTING], half[RENDERING]]).toEqual([0.75, 0.25]);
    const four = stackColumns(overview, RANGE, 4);
    expect([...four.subarray(SCRIPTING * 4, SCRIPTING * 4 + 4)]).toEqual([1, 1, 0.5, 0.5]);
    const three = stackColumns(overview, RANGE, 3);
    expect(three[SCRIPTING * 3 + 1]).toBeCloseTo(0.75, 6);
  });

  test('loses and adds nothing, whatever the width', () => {
    const busy = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(busy, fc.integer({ min: 1, max: 400 }), (scripting, columns) => {
        const shares = stackColumns(
          overviewOf(
            scripting,
            scripting.map(() => 0),
          ),
          RANGE,
          columns,
        );
        const sum = shares.reduce((one, other) => one + other, 0) * (1_000 / columns);
        expect(sum).toBeCloseTo(
          scripting.reduce((one, other) => one + other, 0),
          1,
        );
      }),
    );
  });

  test('a trace without any time has no shares', () => {
    const nothing = { ...overviewOf([0], [0]), range: { start: 5, end: 5 } };
    expect([...stackColumns(nothing, { start: 5, end: 5 }, 3)].every((share) => share === 0)).toBe(true);
  });
});

describe('paintOverview', () => {
  test('stacks the categories from the bottom up, each as high as its share', () => {
    const palette = makePalette(THEMES.light);
    const measures = measuresFor(1);
    const log = new DrawLog(2, measures.ruler + 10);
    const grid = makeGrid(RANGE.start, RANGE, 2);
    const cpu = overviewOf([500, 100], [0, 200]);
    // Two in the first column, one that reaches into the second, and two out of sight.
    const longTasks = Float64Array.from([10, 90, 1_100, 1_160, 1_200, 1_260, 1_400, 1_600, 2_300, 2_400]);
    paintOverview(log, {
      content: { cpu, network: null, heap: null, nodes: null, longTasks },
      bounds: RANGE,
      milestones: [{ name: 'load', time: 1_500 }],
      origin: 1_000,
      grid,
      palette,
      measures,
      fontFamily: 'sans-serif',
    });
    const column = (x: number): (number | null)[] =>
      log.lines.map(({ runs }) => runs.find(([from, to]) => x >= from && x < to)?.[2] ?? null);
    const [yellow, violet] = [palette.pixels[SCRIPTING * 2], palette.pixels[RENDERING * 2]];
    expect(log.lines.map(({ y }) => y)).toEqual(
      Array.from({ length: 10 }, (_, line) => measures.ruler + line),
    );
    expect(column(0)).toEqual(new Array(10).fill(yellow));
    expect(column(1)).toEqual([null, null, null, null, violet, violet, violet, violet, yellow, yellow]);
    expect(log.fills).toContainEqual({
      colour: palette.quietText,
      area: { x: 1, y: 0, width: 1, height: log.height },
    });
    expect(log.fills.filter(({ colour }) => colour === palette.error).map(({ area }) => area)).toEqual([
      { x: 0, y: measures.ruler, width: 1, height: 2 },
      { x: 1, y: measures.ruler, width: 1, height: 2 },
    ]);
  });
});

describe('the lanes', () => {
  const request = (start: number, end: number, resourceType: string, encodedBytes = 0) => ({
    ...buildRequest({ resourceType, start, responseStart: start, encodedBytes }),
    end,
  });
  const network = sumRequestsOverTime(
    [request(1_000, 1_500, 'Script', 500), request(1_250, 1_500, 'Image')],
    RANGE,
    4,
  );
  const counter = (name: string, times: readonly number[], values: readonly number[]) => ({
    name,
    pid: 7,
    thread: 3,
    time: Float64Array.from(times),
    value: Float64Array.from(values),
  });
  const [heap, nodes] = seriesOfPage(
    [counter('nodes', [1_000, 1_500], [10, 40]), counter('jsHeapSizeUsed', [1_250], [2e6])],
    { thread: 3, pid: 7 },
  );
  const content = { cpu: overviewOf([500, 100], [0, 200]), network, heap, nodes, longTasks: null };

  test('stand one under the other, and share the room under the ruler', () => {
    const measures = measuresFor(1);
    for (const height of [44, 54, 76, 200]) {
      const {
        cpu,
        network: net,
        counters,
      } = layOutLanes(height, measures, { network: true, counters: true });
      expect(cpu.top).toBe(measures.ruler);
      expect(net?.top).toBe(cpu.top + cpu.height + 1);
      expect(counters?.top).toBe((net?.top ?? 0) + (net?.height ?? 0) + 1);
      expect((counters?.top ?? 0) + (counters?.height ?? 0)).toBe(height);
      expect(cpu.height).toBeGreaterThanOrEqual(10);
    }
    const alone = layOutLanes(60, measures, { network: false, counters: false });
    expect([alone.cpu.height, alone.network, alone.counters]).toEqual([40, null, null]);
  });

  test('count the requests under way by kind, and the bytes that come', () => {
    const script = [...network.underWay.subarray(2 * 4, 3 * 4)];
    const image = [...network.underWay.subarray(3 * 4, 4 * 4)];
    expect([script, image, network.most]).toEqual([[1, 1, 0, 0], [0, 1, 0, 0], 2]);
    expect([...network.bytes]).toEqual([250, 250, 0, 0]);
  });

  test('are painted: requests in the colours of what they load, heap as an area, nodes as dots', () => {
    const palette = makePalette(THEMES.dark);
    const measures = measuresFor(1);
    const log = new DrawLog(8, measures.ruler + 40);
    const grid = makeGrid(RANGE.start, RANGE, 8);
    const scene = { bounds: RANGE, milestones: [], origin: 0, grid, palette, measures, fontFamily: 'serif' };
    paintOverview(log, { content, ...scene });
    const coloursIn = (from: number, to: number): Set<number> =>
      new Set(log.lines.slice(from, to).flatMap(({ runs }) => runs.map((run) => run[2])));
    const lanes = layOutLanes(log.height, measures, { network: true, counters: true });
    const inLane = (lane: { top: number; height: number } | null): Set<number> =>
      lane === null
        ? new Set()
        : coloursIn(lane.top - measures.ruler, lane.top - measures.ruler + lane.height);
    expect(inLane(lanes.network)).toEqual(
      new Set([palette.pixels[keyOfLook('request-script')], palette.pixels[keyOfLook('request-image')]]),
    );
    expect(inLane(lanes.counters)).toEqual(new Set([palette.heapLine, palette.heapArea, palette.nodesLine]));
    const last = log.lines[log.lines.length - 1].runs.filter((run) => run[2] === palette.heapArea);
    // No heap before its first value.
    expect(last[0][0]).toBeGreaterThanOrEqual(2);
  });

  test('are told in words', () => {
    expect(describeOverview(content).replaceAll('\u00a0', ' ')).toBe(
      'Overview: CPU by category; network, at most 2 requests at once; JS heap 2 MB to 2 MB; DOM nodes 10 to 40',
    );
    const told = readOverview(content, 1_300).map(({ name, text }) => `${name} ${text}`);
    expect(told.map((line) => line.replaceAll('\u00a0', ' '))).toEqual([
      'CPU Scripting 100 %',
      'Network 1 × script, 1 × image, 1 MB a second',
      'JS heap 2 MB',
      'DOM nodes 10',
    ]);
    expect(readOverview(content, 99)).toEqual([]);
    const long = { ...content, longTasks: Float64Array.from([1_250, 81_250, 90_000, 150_000]) };
    expect(describeOverview(long)).toMatch(/^Overview: CPU by category; 2.long tasks; network/);
    const [, line] = readOverview(long, 1_300);
    expect(`${line.name} ${line.text}`).toBe('Long task 80\u00a0ms');
    expect(readOverview(long, 1_200).map(({ name }) => name)).not.toContain('Long task');
  });
});

describe('the window on the overview', () => {
  const makeBrush = () => ({ viewport: signal({ start: 1_200, end: 1_400 }), bounds: RANGE });

  test('an edge moves alone, stops at the bounds and before the other edge', () => {
    const brush = makeBrush();
    moveEdge(brush, 'end', 1_700);
    expect(brush.viewport.value).toEqual({ start: 1_200, end: 1_700 });
    moveEdge(brush, 'end', 9_000);
    moveEdge(brush, 'start', -5);
    expect(brush.viewport.value).toEqual(RANGE);
    moveEdge(brush, 'start', 5_000);
    expect(brush.viewport.value).toEqual({ start: 2_000 - MIN_SPAN, end: 2_000 });
    moveEdge(brush, 'end', 0);
    expect(brush.viewport.value.end).toBe(2_000);
  });

  test.each([
    ['start', 'ArrowLeft', false, { start: 1_180, end: 1_400 }],
    ['start', 'ArrowRight', true, { start: 1_300, end: 1_400 }],
    ['end', 'ArrowRight', false, { start: 1_200, end: 1_420 }],
    ['end', 'End', false, { start: 1_200, end: 2_000 }],
    ['start', 'Home', false, { start: 1_000, end: 1_400 }],
  ] as const)('%s handle, %s (Ctrl %s)', (edge, code, ctrlKey, expected) => {
    const brush = makeBrush();
    expect(pressHandleKey(brush, edge, { code, ctrlKey, microsPerPixel: 10 })).toBe(true);
    expect(brush.viewport.value).toEqual(expected);
  });

  test('leaves other keys alone', () => {
    expect(pressHandleKey(makeBrush(), 'start', { code: 'Tab', ctrlKey: false, microsPerPixel: 1 })).toBe(
      false,
    );
  });
});

describe('The button that makes a breadcrumb', () => {
  const measures = measuresFor(1);
  const ticks = [
    { x: 0, text: '0 ms' },
    { x: 100, text: '100 ms' },
    { x: 200, text: '200 ms' },
  ];
  const place = (wanted: number) => placeButton(wanted, { ticks, width: 300, measures });

  test('stands in the middle of the window where no text is', () => {
    expect(place(80)).toBe(80);
  });

  test('stands beside a text that it would cover, at the nearer side', () => {
    expect(place(105)).toBe(100 - 11);
    expect(place(145)).toBeGreaterThan(145);
    expect(place(145)).toBeLessThan(170);
  });

  test('never leaves the ruler, and is there where texts leave no room', () => {
    expect(placeButton(290, { ticks: [], width: 300, measures })).toBe(289);
    const crowded = Array.from({ length: 30 }, (_, at) => ({ x: at * 10, text: '1000 ms' }));
    expect(placeButton(150, { ticks: crowded, width: 300, measures })).toBe(150);
  });
});
