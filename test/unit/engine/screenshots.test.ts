/** Pictures of the page: the recording's own, else those of a trace that DevTools saved. */
import { expect, test } from 'vitest';
import { Engine } from '../../../src/engine/index.ts';
import { collectScreenshots, pictureBytes } from '../../../src/engine/slices/screenshots.ts';
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

test('those of the trace last to the next', async () => {
  const tables = await tablesWith(btoa('one'), btoa('two!'));
  const items = collectScreenshots(null, tables);
  expect(items.map(({ title, start, end, source }) => [title, millis(start), millis(end), source])).toEqual([
    ['Screenshot 1', 10, 30, { kind: 'screenshot', frame: 0 }],
    ['Screenshot 2', 30, 100, { kind: 'screenshot', frame: 1 }],
  ]);
  expect(tables.pictures.length).toBe(2);
});

test('what is no picture is empty', () => {
  const lengthOf = (snapshot: unknown): number => pictureBytes({ snapshot }).length;
  expect(['<script>', 12, undefined, btoa('x')].map(lengthOf)).toEqual([0, 0, 0, 1]);
});

test('they are read from the file when somebody asks, in order of time', async () => {
  const event = (ts: number, name: string, snapshot: string): string =>
    JSON.stringify({ args: { snapshot: btoa(snapshot) }, cat: 'c', name, ph: 'O', pid: 1, tid: 1, ts });
  const other = '{"ph":"X","name":"RunTask","ts":1,"dur":500,"pid":1,"tid":1}';
  const text = `[${event(30, 'Screenshot', 'two!')},${other},${event(10, 'Screenshot', 'one')}]`;
  const engine = new Engine({ library: null });
  const opened = await engine.open({ kind: 'file', name: 'page.json', file: new Blob([text]) });
  if (!opened.ok) throw new Error(opened.failure.message);
  expect(opened.value.pictures).toEqual([10, 30]);
  const textOf = async (picture: number): Promise<string> => {
    const read = await engine.picture(opened.value.open, picture);
    return read.ok ? String.fromCharCode(...read.value) : read.failure.code;
  };
  expect(await Promise.all([0, 1, 2, -1].map(textOf))).toEqual(['one', 'two!', '', '']);
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
