/** Pictures of the page: the recording's own, else those of a trace that DevTools saved. */
import { expect, test } from 'vitest';
import { collectScreenshots, pictureBytes, picturesOfTrace } from '../../../src/engine/screenshots.ts';
import { buildRecording } from '../../builders/recording.ts';
import { micros, millis, trace } from '../../builders/trace.ts';

const shot = (snapshot: unknown) => ({
  ph: 'O',
  cat: 'disabled-by-default-devtools.screenshot',
  args: { snapshot },
});
const tablesWith = (...snapshots: readonly unknown[]) => {
  const recipe = trace().thread('CrRendererMain').slice('RunTask', 0, 100);
  for (const [index, snapshot] of snapshots.entries())
    recipe.event({ name: 'Screenshot', ts: micros(10 + 20 * index), ...shot(snapshot) });
  return recipe.read();
};

test('those of the trace last to the next, and their bytes are read', async () => {
  const tables = await tablesWith(btoa('one'), btoa('two!'));
  const items = collectScreenshots(null, tables);
  expect(items.map(({ title, start, end, source }) => [title, millis(start), millis(end), source])).toEqual([
    ['Screenshot 1', 10, 30, { kind: 'screenshot', frame: 0 }],
    ['Screenshot 2', 30, 100, { kind: 'screenshot', frame: 1 }],
  ]);
  expect(picturesOfTrace(tables)).toHaveLength(2);
  expect(String.fromCharCode(...pictureBytes(tables, 1))).toBe('two!');
});

test('what is no picture is empty', async () => {
  const tables = await tablesWith('<script>', 12, btoa('x'));
  expect([0, 1, 3, -1].map((picture) => pictureBytes(tables, picture).length)).toEqual([0, 0, 0, 0]);
  expect(pictureBytes(tables, 2)).toHaveLength(1);
});

test('those of the recording go first; what was taken before the trace is left out', async () => {
  const tables = { ...(await tablesWith(btoa('one'))), unixMillisAtZero: 5_000 };
  const at = (millisOfTest: number) => ({ time: 5_000 + micros(millisOfTest) / 1_000, bytes: 1 });
  const recording = buildRecording({ frames: [at(-50), at(-20), at(40)] });
  expect(
    collectScreenshots(recording, tables).map(({ title, start, end }) => [title, millis(start), millis(end)]),
  ).toEqual([
    ['Screenshot 2', 0, 40],
    ['Screenshot 3', 40, 100],
  ]);
});
