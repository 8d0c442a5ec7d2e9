/** Saving a profile as a file: a long one is told and can be given up, and then nothing is downloaded. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Result, succeed } from '../../../src/base/index.ts';
import type { OpenId, ProfileFileQuestion } from '../../../src/engine/client.ts';
import { LATE_MILLIS } from '../../../src/panel/state/latest.ts';
import { createProfileSaving } from '../../../src/panel/state/profile/profile-saving.ts';

const question = (form: ProfileFileQuestion['form']): ProfileFileQuestion =>
  ({ form, title: 'main', what: 'all', scope: {} }) as never;

function start() {
  const answers: ((file: Result<Blob>) => void)[] = [];
  const downloads: string[] = [];
  const said: string[] = [];
  const saving = createProfileSaving({
    engine: { profileFile: () => new Promise((resolve) => answers.push(resolve)) },
    open: 1 as OpenId,
    download: (name) => downloads.push(name),
    onSaved: (name) => said.push(name),
    onFailure: ({ code }) => said.push(code),
  });
  return { saving, answers, downloads, said };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a quick one is saved without a word of waiting', async () => {
  const { saving, answers, downloads, said } = start();
  saving.save(question('folded'));
  await vi.advanceTimersByTimeAsync(LATE_MILLIS - 1);
  expect(saving.asking.state.value).toBe('quick');
  answers[0](succeed(new Blob(['a 1'])));
  await vi.advanceTimersByTimeAsync(1);
  expect(downloads).toEqual(['main.folded']);
  expect(said).toEqual(['Folded stacks (.folded)']);
});

test('a long one is told; given up, nothing is downloaded, and it can be saved after all', async () => {
  const { saving, answers, downloads } = start();
  saving.save(question('pprof'));
  await vi.advanceTimersByTimeAsync(LATE_MILLIS);
  expect(saving.asking.state.value).toBe('late');
  saving.asking.giveUp();
  expect(saving.asking.state.value).toBe('given-up');
  answers[0](succeed(new Blob(['late'])));
  await vi.advanceTimersByTimeAsync(1);
  expect(downloads).toEqual([]);
  saving.asking.again();
  await vi.advanceTimersByTimeAsync(1);
  answers[1](succeed(new Blob(['again'])));
  await vi.advanceTimersByTimeAsync(1);
  expect(downloads).toEqual(['main.pb.gz']);
  expect(saving.asking.state.value).toBe('quick');
});
