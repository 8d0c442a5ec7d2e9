/** What the source says about the selected slice: asked once it is selected, given up when another is. */
import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import {
  fail,
  makeFailure,
  type Result,
  type SliceIndex,
  sliceIndex,
  succeed,
} from '../../../src/base/index.ts';
import type { AskOptions, OpenId, SliceArguments } from '../../../src/engine/client.ts';
import { followArguments } from '../../../src/panel/state/facts/slice-arguments.ts';
import { ScriptedEngine, settled } from '../../builders/panel-outside.ts';

const saidOf = (slice: SliceIndex): SliceArguments => ({
  slice,
  facts: [],
  stack: { frames: [], leftOut: 0 },
  all: { name: '', text: '', unit: '', cut: 0, children: [], leftOut: 0 },
});

interface Asked {
  readonly slice: SliceIndex;
  readonly options: AskOptions | undefined;
  readonly answer: (result: Result<SliceArguments>) => void;
}

function follow() {
  const engine = new ScriptedEngine();
  const asked: Asked[] = [];
  engine.arguments = (_open: OpenId, slice: SliceIndex, options?: AskOptions) =>
    new Promise((answer) => asked.push({ slice, options, answer }));
  const selection = signal<SliceIndex | null>(null);
  return {
    asked,
    selection,
    follower: followArguments({ engine, open: 1 as OpenId, selection, names: signal(0) }),
  };
}

describe('the arguments of the selected slice', () => {
  it('are being read, then there; none where nothing is selected', async () => {
    const { asked, selection, follower } = follow();
    expect(follower.value.value).toEqual({ kind: 'none' });
    expect(asked).toHaveLength(0);
    selection.value = sliceIndex(4);
    expect(follower.value.value).toEqual({ kind: 'reading', slice: 4 });
    asked[0].answer(succeed(saidOf(sliceIndex(4))));
    await settled();
    expect(follower.value.value).toEqual({ kind: 'read', slice: 4, said: saidOf(sliceIndex(4)) });
    selection.value = null;
    expect(follower.value.value).toEqual({ kind: 'none' });
  });

  it('of a slice that is left are cancelled, and a late answer is dropped', async () => {
    const { asked, selection, follower } = follow();
    selection.value = sliceIndex(4);
    selection.value = sliceIndex(5);
    expect(asked.map(({ options }) => options?.signal?.aborted)).toEqual([true, false]);
    asked[1].answer(succeed(saidOf(sliceIndex(5))));
    asked[0].answer(succeed(saidOf(sliceIndex(4))));
    await settled();
    expect(follower.value.value).toMatchObject({ kind: 'read', slice: 5 });
  });

  it('that cannot be read say why', async () => {
    const { asked, selection, follower } = follow();
    selection.value = sliceIndex(4);
    const failure = makeFailure('event-changed', { subject: 'a.json' });
    asked[0].answer(fail(failure));
    await settled();
    expect(follower.value.value).toEqual({ kind: 'failed', slice: 4, message: failure.message });
  });

  it('are given up with the trace', async () => {
    const { asked, selection, follower } = follow();
    selection.value = sliceIndex(4);
    follower.dispose();
    expect(asked[0].options?.signal?.aborted).toBe(true);
    selection.value = sliceIndex(5);
    expect(asked).toHaveLength(1);
  });
});
