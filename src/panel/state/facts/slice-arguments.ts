/**
 * What the trace's source says about the selected slice. It has to be read again for that, which may take a while: the
 * question about one slice is cancelled when another is selected.
 * In: the selection. Out: a signal of how far it is; a failure stands where the arguments would.
 */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { SliceIndex } from '../../../base/index.ts';
import type { EngineApi, OpenId, SliceArguments } from '../../../engine/client.ts';

export type ArgumentsState =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly slice: SliceIndex }
  | { readonly kind: 'read'; readonly slice: SliceIndex; readonly said: SliceArguments }
  | { readonly kind: 'failed'; readonly slice: SliceIndex; readonly message: string };

export interface ArgumentsFollower {
  readonly value: ReadonlySignal<ArgumentsState>;
  readonly dispose: () => void;
}

export interface FollowArguments {
  readonly engine: EngineApi;
  readonly open: OpenId;
  readonly selection: ReadonlySignal<SliceIndex | null>;
  /** Counts up when functions got other names. */
  readonly names: ReadonlySignal<number>;
}

export function followArguments({ engine, open, selection, names }: FollowArguments): ArgumentsFollower {
  const value = signal<ArgumentsState>({ kind: 'none' });

  const read = async (slice: SliceIndex, abortSignal: AbortSignal): Promise<void> => {
    const answer = await engine.arguments(open, slice, { signal: abortSignal });
    if (abortSignal.aborted) return;
    value.value = answer.ok
      ? { kind: 'read', slice, said: answer.value }
      : { kind: 'failed', slice, message: answer.failure.message };
  };

  const dispose = effect(() => {
    const slice = selection.value;
    value.value = slice === null ? { kind: 'none' } : { kind: 'reading', slice };
    if (names.value < 0 || slice === null) return undefined;
    const abort = new AbortController();
    void read(slice, abort.signal);
    return () => abort.abort();
  });

  return { value, dispose };
}
