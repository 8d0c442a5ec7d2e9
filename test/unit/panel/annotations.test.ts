/** Notes on the chart: written, linked, changed, deleted and brought back; found again by what stands in the trace. */
import { signal } from '@preact/signals';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sliceIndex, succeed, threadIndex } from '../../../src/base/index.ts';
import { createAnnotations } from '../../../src/panel/state/chart/annotations.ts';
import { createTraceView } from '../../../src/panel/state/trace-view.ts';
import { chartOf } from '../../builders/charts.ts';
import { buildNotesKeeper } from '../../builders/notes.ts';
import { buildOpenedRecording } from '../../builders/opened.ts';
import { ScriptedEngine, settled } from '../../builders/panel-outside.ts';
import { thread, traceOf } from '../../builders/tables.ts';

/** A thousand slices: slice 7 begins at 7. */
const CHART = (() => {
  const recipe = thread('CrRendererMain');
  for (let slice = 0; slice < 1_000; slice++) recipe.slice('RunTask', slice, slice + 1);
  return chartOf(traceOf(recipe));
})();

class ChartEngine extends ScriptedEngine {
  override async chart() {
    return succeed(CHART);
  }
}

function open() {
  const engine = new ChartEngine();
  const notes = buildNotesKeeper();
  const view = createTraceView({
    chartFirstMillis: 0,
    engine,
    opened: buildOpenedRecording({ bounds: { start: 0, end: 10_000 }, mainThread: threadIndex(0) }),
    notes,
    look: signal({ dimThirdParties: false, ignored: [] }),

    onFailure: () => undefined,
  });
  let id = 0;
  const annotations = createAnnotations({
    engine,
    view,
    makeId: () => `note ${++id}`,
    onFailure: ({ message }) => {
      throw new Error(message);
    },
  });
  onTestFinished(() => {
    annotations.dispose();
    view.dispose();
  });
  return { view, annotations, notes };
}

const texts = ({ notes }: ReturnType<typeof open>): string[] =>
  notes.notes.value.annotations.map(({ text }) => text);

const anchorAt = (start: number) => ({ track: '1:1', start, name: 'slice', nth: 0 });

describe('a note on a slice', () => {
  it('is written on the selection, changed by writing again, deleted when emptied', async () => {
    const all = open();
    const { view, annotations } = all;
    expect(annotations.write()).toBe(false);
    view.selection.value = sliceIndex(700);
    expect(annotations.write()).toBe(true);
    await settled();
    expect(annotations.draft.value).toMatchObject({
      isNew: true,
      note: { kind: 'label', on: anchorAt(700) },
    });
    annotations.save('  slow here ');
    expect(texts(all)).toEqual(['slow here']);
    expect(annotations.placed.value).toMatchObject([{ kind: 'label', on: 700 }]);
    annotations.write();
    await settled();
    expect(annotations.draft.value).toMatchObject({ isNew: false, note: { text: 'slow here' } });
    annotations.save('slower');
    expect(texts(all)).toEqual(['slower']);
    annotations.edit('note 1');
    annotations.save('');
    expect(texts(all)).toEqual([]);
    expect(annotations.undo()).toBe(true);
    expect(texts(all)).toEqual(['slower']);
    expect(annotations.undo()).toBe(false);
  });

  it('that is dropped or left empty leaves nothing', async () => {
    const all = open();
    all.view.selection.value = sliceIndex(1);
    all.annotations.write();
    await settled();
    all.annotations.dropDraft();
    all.annotations.write();
    await settled();
    all.annotations.save(' ');
    expect(texts(all)).toEqual([]);
    expect(all.annotations.deleted.value).toBeNull();
  });
});

describe('a note on a range', () => {
  it('is written on what was measured last, before an older selection', async () => {
    const { view, annotations } = open();
    view.selection.value = sliceIndex(5);
    view.measured.value = { start: 100, end: 200 };
    annotations.write();
    expect(annotations.draft.value?.note).toMatchObject({ kind: 'range', start: 100, end: 200 });
    annotations.save('');
    view.selection.value = sliceIndex(6);
    annotations.write();
    await settled();
    expect(annotations.draft.value?.note.kind).toBe('label');
    annotations.dropDraft();
    expect(annotations.jump('note 1')).toBe(true);
    expect(view.measured.value).toEqual({ start: 100, end: 200 });
    expect(view.viewport.value).toEqual({ start: 95, end: 205 });
  });
});

describe('a link', () => {
  it('goes from one selection to the next', async () => {
    const { view, annotations } = open();
    expect(annotations.link()).toBe(false);
    view.selection.value = sliceIndex(10);
    annotations.link();
    await settled();
    expect(annotations.linkFrom.value).toEqual(anchorAt(10));
    view.selection.value = sliceIndex(20);
    annotations.link();
    await settled();
    expect(annotations.linkFrom.value).toBeNull();
    annotations.save('because');
    expect(annotations.placed.value).toMatchObject([
      { kind: 'link', from: 10, to: 20, note: { text: 'because' } },
    ]);
    view.selection.value = null;
    expect(annotations.jump('note 1')).toBe(true);
    expect(view.selection.value).toBe(10);
  });

  it('that begins where it began is given up', async () => {
    const { view, annotations } = open();
    view.selection.value = sliceIndex(10);
    annotations.link();
    await settled();
    annotations.link();
    await settled();
    expect(annotations.linkFrom.value).toBeNull();
    expect(annotations.draft.value).toBeNull();
  });
});

describe('notes of a recording', () => {
  it('stand in order of time; those whose slice is not there stay, and lead nowhere', async () => {
    const { annotations, notes } = open();
    notes.change((all) => ({
      ...all,
      annotations: [
        { id: 'late', text: 'late', kind: 'label', on: anchorAt(900) },
        { id: 'gone', text: 'gone', kind: 'label', on: anchorAt(-1) },
        { id: 'half', text: 'half', kind: 'link', from: anchorAt(-1), to: anchorAt(5) },
        { id: 'range', text: '', kind: 'range', start: 10, end: 20 },
      ],
    }));
    await settled();
    expect(annotations.placed.value.map(({ note }) => note.id)).toEqual(['gone', 'half', 'range', 'late']);
    expect(annotations.placed.value).toMatchObject([
      { on: 'gone' },
      { from: 'gone', to: 5 },
      {},
      { on: 900 },
    ]);
    expect(annotations.jump('gone')).toBe(false);
    expect(annotations.jump('half')).toBe(false);
    expect(annotations.jump('late')).toBe(true);
  });

  it('come back one after the other', () => {
    const all = open();
    all.notes.change((now) => ({
      ...now,
      annotations: ['a', 'b'].map((id) => ({ id, text: id, kind: 'range', start: 1, end: 2 })),
    }));
    all.annotations.remove('a');
    all.annotations.remove('b');
    expect(all.annotations.deleted.value?.text).toBe('b');
    all.annotations.undo();
    all.annotations.undo();
    expect(texts(all)).toEqual(['b', 'a']);
  });
});
