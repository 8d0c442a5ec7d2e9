/** Notes over the chart: where their plates stand, also on collapsed tracks, at the axis and out of sight. */
import { describe, expect, test } from 'vitest';
import { arrangeTracks, initialTrackChoices, makeGrid } from '../../../src/flame/index.ts';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { type DrawnNote, paintNotes, plateAt } from '../../../src/panel/canvas/paint/note-painter.ts';
import type { ChartScene } from '../../../src/panel/canvas/paint/scene.ts';
import { chartOf } from '../../builders/charts.ts';
import { DrawLog } from '../../builders/draw-log.ts';
import { sceneOf } from '../../builders/scenes.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const chart = chartOf(
  traceOf(
    thread('CrRendererMain').slice('RunTask', 0, 400).slice('Layout', 100, 200),
    thread('Compositor', { role: 'compositor' }).slice('Commit', 300, 900).slice('Draw', 400, 500),
  ),
);
const TASK = 0;
const LAYOUT = 1;
const DRAW = 3;
const measures = measuresFor(1);

function paint(notes: readonly DrawnNote[], changes: Partial<ChartScene> = {}, collapsed: string[] = []) {
  const target = new DrawLog(1_000, 300);
  const choices = { ...initialTrackChoices(chart), collapsed: new Set(collapsed) };
  const arrangement = arrangeTracks(chart, choices, measures);
  const scene = sceneOf(chart, { arrangement, mostLabels: 100, ...changes });
  return { target, plates: paintNotes(target, scene, notes) };
}

const label = (box: number, text = 'why'): DrawnNote => ({ id: 'a', kind: 'label', text, box });
/** Top of the first track's first row. */
const ROWS = 36 + 20;

describe('a note on a slice', () => {
  test('has its plate above it, with its text', () => {
    const { target, plates } = paint([label(LAYOUT)]);
    expect(plates).toMatchObject([{ x: 100, y: ROWS + 18 - 18 - 2, width: 38, height: 18 }]);
    expect(target.texts.map(({ text }) => text)).toEqual(['why']);
    expect(plateAt(plates, { x: 110, y: plates[0].y + 5 })?.id).toBe('a');
    expect(plateAt(plates, { x: 99, y: plates[0].y + 5 })).toBeNull();
  });

  test('has it below where the axis is in the way, and stays inside', () => {
    const { plates } = paint([label(TASK, 'x'.repeat(200))], { scrollTop: 20 });
    expect(plates).toMatchObject([{ x: 0, y: 36 + 18 + 2 }]);
    expect(plates[0].width).toBe(48 * 10 + 8);
  });

  test('stands at the header of a collapsed track, nowhere when out of sight or not drawn', () => {
    const track = chart.tracks[1].key;
    const { plates } = paint([label(DRAW)], {}, [track]);
    expect(plates).toMatchObject([{ x: 400, y: ROWS + 36 - 18 - 2 }]);
    expect(paint([label(-1)]).plates).toEqual([]);
    const away = makeGrid(0, { start: 600, end: 1_000 }, 1_000);
    expect(paint([label(LAYOUT)], { grid: away }).plates).toEqual([]);
  });
});

test('a range has a band with its plate at the bottom, a link an elbow between its ends', () => {
  const { target, plates } = paint([
    { id: 'r', kind: 'range', text: '', range: { start: 100, end: 250 } },
    { id: 'l', kind: 'link', text: 'then', from: LAYOUT, to: DRAW },
  ]);
  expect(plates.map(({ id }) => id)).toEqual(['r', 'l']);
  expect(plates[0]).toMatchObject({ x: 100, y: 300 - 18 - 2 });
  expect(target.fills[0].area).toMatchObject({ x: 100, width: 150 });
  expect(plates[1]).toMatchObject({ x: 302 });
  expect(target.texts.map(({ text }) => text)).toEqual(['Range', 'then']);
});
