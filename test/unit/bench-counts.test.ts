/**
 * How much work opening a trace is, counted exactly, so that a change that reads less, makes more rows or draws more
 * boxes is seen without a clock. A figure that changes on purpose is changed here in the same commit.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classifySlices, findPageLoad } from '../../src/analysis/index.ts';
import { layOutChart } from '../../src/flame/index.ts';
import { SLICE_INSTANT, SLICE_JS_CALL } from '../../src/trace/index.ts';
import { readTraceFile, SHARED } from '../builders/shared-traces.ts';

const BUSY_PAGE = join(SHARED, 'traces/busy-page.json.gz');

describe('busy-page is opened with this much work', async () => {
  const tables = await readTraceFile(BUSY_PAGE);
  const { slices } = tables;
  const withFlag = (flag: number): number => slices.flags.filter((flags) => (flags & flag) !== 0).length;

  it('decoding: events, and the marks whose arguments are kept', () => {
    expect({ events: tables.eventCount, marks: tables.marks.length, strings: tables.strings.length }).toEqual(
      {
        events: 195_346,
        marks: 4133,
        strings: 3020,
      },
    );
  });

  it('rows of every table', () => {
    expect({
      threads: tables.threads.length,
      slices: slices.length,
      jsCalls: withFlag(SLICE_JS_CALL),
      instants: withFlag(SLICE_INSTANT),
      asyncSlices: tables.asyncSlices.length,
      frames: tables.frames.length,
      stacks: tables.stacks.length,
      samples: tables.samples.length,
      counters: tables.counters.length,
      links: tables.links.length,
      flows: tables.flows.length,
    }).toEqual({
      threads: 43,
      slices: 152_708,
      jsCalls: 12_142,
      instants: 18_681,
      asyncSlices: 20_325,
      frames: 1562,
      stacks: 3111,
      samples: 173_419,
      counters: 7160,
      links: 9694,
      flows: 12_878,
    });
  });

  it('boxes, rows and labels of the flame chart', () => {
    const chart = layOutChart(tables, classifySlices(tables), findPageLoad(tables));
    expect({
      boxes: chart.boxes.length,
      rows: chart.rowStart.length - 1,
      tracks: chart.tracks.length,
      labels: chart.labels.length,
      levels: chart.longest.levels.length,
    }).toEqual({ boxes: 76_800, rows: 169, tracks: 44, labels: 1455, levels: 8 });
  });
});
