/** Questions of a view: the last one counts, a long one is told, given up and asked again. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fail, makeFailure, type Result, succeed } from '../../../src/base/index.ts';
import { AskingNow, createLatest, type Pace } from '../../../src/panel/state/latest.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function make(pace?: Pace) {
  const asking = new AskingNow();
  const asked: number[] = [];
  const answers: string[] = [];
  let finish: (answer: Result<string>) => void = () => undefined;
  const latest = createLatest<number, string>({
    ask: (question, signal) => {
      asked.push(question);
      return new Promise((resolve) => {
        finish = resolve;
        signal.addEventListener('abort', () => resolve(fail(makeFailure('cancelled'))));
      });
    },
    onAnswer: (answer) => void answers.push(answer),
    onFailure: ({ code }) => void answers.push(code),
    asking,
    ...(pace === undefined ? {} : { pace }),
  });
  const answer = async (text: string): Promise<void> => {
    finish(succeed(text));
    await vi.advanceTimersByTimeAsync(0);
  };
  return { latest, asking, asked, answers, answer };
}

test('of those that come meanwhile only the last is asked', async () => {
  const { latest, asked, answers, answer } = make();
  for (const question of [1, 2, 3]) latest.ask(question);
  await answer('one');
  await answer('three');
  expect([asked, answers]).toEqual([
    [1, 3],
    ['one', 'three'],
  ]);
});

test('an answer that takes long is told until it is there', async () => {
  const { latest, asking, answer } = make();
  latest.ask(1);
  await vi.advanceTimersByTimeAsync(299);
  expect(asking.state.value).toBe('quick');
  await vi.advanceTimersByTimeAsync(2);
  expect(asking.state.value).toBe('late');
  await answer('one');
  expect(asking.state.value).toBe('quick');
});

test('one that is given up is not answered, may be asked again, and gives way to the next', async () => {
  const { latest, asking, asked, answers, answer } = make();
  latest.ask(1);
  await vi.advanceTimersByTimeAsync(400);
  asking.giveUp();
  await vi.advanceTimersByTimeAsync(0);
  expect([asking.state.value, answers]).toEqual(['given-up', []]);
  asking.again();
  await vi.advanceTimersByTimeAsync(0);
  expect([asking.state.value, asked]).toEqual(['quick', [1, 1]]);
  asking.giveUp();
  await vi.advanceTimersByTimeAsync(0);
  latest.ask(2);
  expect(asking.state.value).toBe('quick');
  await answer('two');
  expect([asked, answers]).toEqual([[1, 1, 2], ['two']]);
});

test('after its end nothing is asked, answered or told', async () => {
  const { latest, asking, asked, answers, answer } = make();
  latest.ask(1);
  latest.dispose();
  await answer('late');
  await vi.advanceTimersByTimeAsync(1_000);
  asking.again();
  latest.ask(2);
  expect([asked, answers, asking.state.value]).toEqual([[1], [], 'quick']);
});

test('what is asked without a pause is paced, and answered soon when it rests', async () => {
  const { latest, asked, answer } = make({ quiet: 80, most: 640 });
  let question = 0;
  const moveFor = async (frames: number): Promise<void> => {
    for (let frame = 0; frame < frames; frame++) {
      latest.ask(++question);
      await vi.advanceTimersByTimeAsync(16);
    }
  };
  latest.ask(++question);
  await answer('the first at once');
  await moveFor(39);
  expect(asked).toEqual([1]);
  await moveFor(1);
  expect(asked).toHaveLength(2);
  await answer('once in 640 ms');
  await moveFor(10);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(160);
  expect(asked.at(-1)).toBe(question);
  expect(asked).toHaveLength(3);
});
