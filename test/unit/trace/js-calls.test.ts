/**
 * JS calls laid from samples. Each test is a picture of what was recorded and one of what is laid; the builder reads
 * the first (see trace-picture.ts), the second is compared letter for letter.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { layNodes, oddities, type TraceRecipe, trace } from '../../builders/trace.ts';
import { dedent, draw, paint } from '../../builders/trace-picture.ts';

async function expectCalls(recorded: string | TraceRecipe, laid: string, odd: object = {}): Promise<void> {
  const recipe = typeof recorded === 'string' ? paint(recorded) : recorded;
  const tables = await recipe.read();
  expect(draw(tables)).toBe(dedent(laid));
  expect(oddities(tables)).toEqual(odd);
}

describe('a stack lasts until another is seen', () => {
  test('common callers go on, others end, new ones begin', () =>
    expectCalls(
      `
      RunTask         |--------------------------|
      FunctionCall     |---------------------|
      samples           a  a  a  a  d
                           b  c
      `,
      `
      RunTask         |--------------------------|
       FunctionCall    |---------------------|
        a()             |-----------|
         b()               |--|
         c()                  |--|
        d()                         |--------|
      `,
    ));

  test('a function that calls itself is two calls', () =>
    expectCalls(
      `
      FunctionCall    |---------------|
      samples          a  a  a  a
                          a
                          a
      `,
      `
      FunctionCall    |---------------|
       a()             |--------------|
        a()               |--|
         a()              |--|
      `,
    ));

  test('calls end with the slice inside which they began', () =>
    expectCalls(
      `
      RunTask         |--------------------------|
      FunctionCall     |------|  |------------|
      samples            a         b
      `,
      `
      RunTask         |--------------------------|
       FunctionCall    |------|
        a()              |----|
       FunctionCall              |------------|
        b()                        |----------|
      `,
    ));

  test('what is seen just as a slice begins is laid in it, not around it', () =>
    expectCalls(
      `
        RunTask         |-------------------|
        FunctionCall      |------------|
        samples           a  a  a  a  a
                                b
      `,
      `
        RunTask         |-------------------|
         FunctionCall     |------------|
          a()             |------------|
           b()                  |--|
      `,
    ));

  test('calls never reach from one task into the next', () =>
    expectCalls(
      `
      RunTask         |---------|-------------|
      FunctionCall     |-------|  |----------|
      samples            a  a       a  a  a
      `,
      `
      RunTask         |---------|
       FunctionCall    |-------|
        a()              |-----|
      RunTask                   |-------------|
       FunctionCall               |----------|
        a()                         |--------|
      `,
    ));
});

describe('slices under calls', () => {
  test('a slice that begins during a call lies in it, and the call cannot end before it does', () =>
    expectCalls(
      `
      FunctionCall    |-----------------------|
      Layout              |---------|
      samples          a  a  a  b  b  a  a
                                         c
      `,
      `
      FunctionCall    |-----------------------|
       a()             |----------------------|
        Layout            |---------|
        c()                              |----|
      `,
    ));

  test('JavaScript that runs in it is laid in it, under the same caller', () =>
    expectCalls(
      `
      FunctionCall    |-----------------------|
      EventDispatch       |---------|
      samples          a  a  a  a   a  a  a
                             b  c      d
      `,
      `
      FunctionCall    |-----------------------|
       a()             |----------------------|
        EventDispatch     |---------|
         b()                 |--|
         c()                    |---|
        d()                            |--|
      `,
    ));

  test('microtasks begin with no open call but those that contain open slices', () =>
    expectCalls(
      `
      FunctionCall    |-------------------------|
      v8.run             |------------------|
      RunMicrotasks           |------|
      samples          a a a  a    a   a
                         b         d
      `,
      `
      FunctionCall    |-------------------------|
       a()             |------------------------|
        v8.run           |------------------|
         b()             |-|
         RunMicrotasks        |------|
          d()                      |-|
      `,
    ));
});

describe('what is no code', () => {
  test('(program) and (idle) end what is open', () =>
    expectCalls(
      `
      FunctionCall    |-----------------------|
      samples          a  P  P  a  I  a
      `,
      `
      FunctionCall    |-----------------------|
       a()             |--|
       a()                      |--|
       a()                            |-------|
      `,
    ));

  test('one lone (program) inside one outermost function is bridged, two are not', () =>
    expectCalls(
      `
      FunctionCall    |-----------------------|
      samples          a  P  a  P  P  a  P  b
                       c  _  d
      `.replace('_', ' '),
      `
      FunctionCall    |-----------------------|
       a()             |--------|
        c()            |-----|
        d()                  |--|
       a()                            |--|
       b()                                  |-|
      `,
    ));

  test('(garbage collector) goes to the stack before it', () =>
    expectCalls(
      `
      FunctionCall    |-----------------------|
      samples          G  a  G  G  b  G  P
      `,
      `
      FunctionCall    |-----------------------|
       a()                |--------|
       b()                         |-----|
      `,
    ));
});

test('V8’s own runtime functions are no calls, what they call is', () => {
  const callFrame = (functionName: string, url: string) => ({ callFrame: { functionName, url } });
  const nodes = [
    { id: 1, ...callFrame('(root)', '') },
    { id: 2, parent: 1, ...callFrame('a', 'a.js') },
    { id: 3, parent: 2, ...callFrame('Runtime_StackGuard', 'native V8Runtime') },
    { id: 4, parent: 3, ...callFrame('b', 'a.js') },
  ];
  const recipe = trace()
    .thread('CrRendererMain')
    .slice('FunctionCall', 0, 10)
    .profile('0x1', 0)
    .profileChunk('0x1', 0, { nodes, samples: [2, 3, 4], timeDeltas: [1000, 3000, 3000] });
  return expectCalls(
    recipe,
    `
    FunctionCall    |---------|
     a()             |--------|
      b()                  |--|
    `,
  );
});

describe('samples outside of slices that run JavaScript', () => {
  test('do not count while a call is open', () =>
    expectCalls(
      `
      FunctionCall    |--------------------|
      Layout              |--------|
      samples          a    b b b     a
      `,
      `
      FunctionCall    |--------------------|
       a()             |-------------------|
        Layout            |--------|
      `,
    ));

  test('tell of calls where none is open, until the next slice begins or theirs ends', () =>
    expectCalls(
      `
      RunTask         |----------------|------|
      Layout                 |---|
      samples           a  a       b  b   c
      `,
      `
      RunTask         |----------------|
       a()              |----|
       Layout                |---|
       b()                         |---|
      RunTask                          |------|
       c()                                |---|
      `,
    ));

  test('tell of what ran before the first slice: tracing began in the middle of it', () =>
    expectCalls(
      `
      FunctionCall               |-----|
      samples          a  a  a    a  a
                          b
      `,
      `
      a()              |---------|
       b()                |--|
      FunctionCall               |-----|
       a()                        |----|
      `,
    ));

  test('alone, without any slice, are calls', () =>
    expectCalls(
      `
      samples          a  a  a  P  c  c
                          b
      `,
      `
      a()              |--------|
       b()                |--|
      c()                          |--|
      `,
    ));
});

describe('stacks that V8 took for one event', () => {
  const nodes = layNodes(['a', 'ab', 'c']);
  const sampled = (): TraceRecipe => trace().thread('CrRendererMain');
  const sampleOf = (id: number) => ({ args: { data: { sampleTraceId: id } } });
  const profile = (recipe: TraceRecipe, samples: string[]): TraceRecipe =>
    recipe.profile('0x1', 0).profileChunk('0x1', 0, {
      nodes: nodes.nodes,
      samples: samples.map(nodes.idOf),
      timeDeltas: samples.map(() => 1000),
      trace_ids: { 7: nodes.idOf('ab'), 8: nodes.idOf('c') },
    });

  test('are open when it begins: the event lies under who caused it', () =>
    expectCalls(
      profile(sampled().slice('FunctionCall', 0, 20).slice('Layout', 5, 9, sampleOf(7)), ['a', 'a']),
      `
      FunctionCall    |-------------------|
       a()             |------------------|
        b()                |--------------|
         Layout            |---|
      `,
    ));

  test('replace what was open', () =>
    expectCalls(
      profile(sampled().slice('FunctionCall', 0, 20).slice('Layout', 5, 9, sampleOf(8)), ['ab', 'ab']),
      `
      FunctionCall    |-------------------|
       a()             |---|
        b()            |---|
       c()                 |--------------|
        Layout             |---|
      `,
    ));

  test('count for an instant as well', () =>
    expectCalls(
      profile(sampled().slice('FunctionCall', 0, 20).instant('TimerInstall', 5, sampleOf(7)), ['a']),
      `
      FunctionCall    |-------------------|
       a()             |------------------|
        b()                |--------------|
         TimerInstall      !
      `,
    ));

  test('of an unknown id say nothing', () =>
    expectCalls(
      profile(sampled().slice('FunctionCall', 0, 20).slice('Layout', 5, 9, sampleOf(99)), ['a']),
      `
      FunctionCall    |-------------------|
       a()             |------------------|
        Layout             |---|
      `,
    ));
});

test('every drawing of docs/attribution.md', async () => {
  const text = readFileSync(new URL('../../../docs/attribution.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```\n(.*?)```/gs)].map(([, block]) => block.replaceAll(/ *←.*/g, ''));
  const drawings = blocks.map((block) => block.split(/^-+ laid:$/m)).filter((parts) => parts.length === 2);
  expect(drawings.length).toBeGreaterThanOrEqual(3);
  for (const [recorded, laid] of drawings) await expectCalls(recorded, laid);
});

test('a task whose end was lost keeps no call from the tasks after it', () =>
  expectCalls(
    trace()
      .thread('CrRendererMain')
      .begin('RunTask', 0)
      .begin('FunctionCall', 1)
      .begin('Layout', 5)
      .slice('RunTask', 10, 20)
      .slice('FunctionCall', 11, 19)
      .samples('  aa        bbb'),
    `
    RunTask         |---------|
     FunctionCall    |--------|
      a()             |-------|
       Layout            |----|
    RunTask                   |---------|
     FunctionCall              |-------|
      b()                       |------|
    `,
    { beginsWithoutEnd: 3 },
  ));

test('the thread of a profile gets the calls, no other', async () => {
  const recipe = trace()
    .thread('CrRendererMain', { tid: 1 })
    .slice('FunctionCall', 0, 10)
    .thread('Worker', { tid: 2 })
    .slice('FunctionCall', 0, 10)
    .samples(' a');
  const tables = await recipe.read();
  expect(draw(tables, 0)).toBe('FunctionCall    |---------|');
  expect(draw(tables, 1)).toBe('FunctionCall    |---------|\n a()             |--------|');
});

test('many samples of deep stacks are laid one by one', async () => {
  const recipe = trace().thread('CrRendererMain').slice('FunctionCall', 0, 20_000);
  const { nodes, idOf } = layNodes(['a'.repeat(250)]);
  const leaf = idOf('a'.repeat(250));
  const samples = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? leaf : leaf - 1));
  const { slices } = await recipe
    .profile('0x1', 0)
    .profileChunk('0x1', 0, { nodes, samples, timeDeltas: samples.map(() => 1000) })
    .read();
  expect(slices.length).toBe(1 + 249 + 10_000);
});
