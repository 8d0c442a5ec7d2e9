/** The details of a slice say who initiated it and what it initiated, each with the slice to go to. */
import { describe, expect, test } from 'vitest';
import { sliceIndex } from '../../../src/base/index.ts';
import { Engine, type SliceDetails, type SliceLink } from '../../../src/engine/index.ts';
import { micros, millis, type TraceRecipe, trace } from '../../builders/trace.ts';

async function ask(recipe: TraceRecipe): Promise<(name: string, nth?: number) => Promise<SliceDetails>> {
  const engine = new Engine({ library: null });
  const opened = await engine.open({ kind: 'file', name: 'a', file: new Blob([recipe.text()]) });
  if (!opened.ok) throw new Error(opened.failure.message);
  const { open } = opened.value;
  const { slices, strings } = engine.traceOf(open)?.tables ?? {
    slices: { length: 0, name: [] },
    strings: null,
  };
  return async (name, nth = 0) => {
    const rows = Array.from({ length: slices.length }, (_, row) => row).filter(
      (row) => strings?.get(slices.name[row]) === name,
    );
    // Beyond the slices are the page's items.
    const row = name === 'item' ? slices.length + nth : rows[nth];
    const details = await engine.details(open, sliceIndex(row));
    if (!details.ok) throw new Error(details.failure.message);
    return details.value;
  };
}

const tell = ({ kind, text, event, time, onThread }: SliceLink): string =>
  `${kind}: ${event} in ${text} @${millis(time)}${onThread ? '' : ' of the page'}`;
const data = (fields: object): { args: { data: object } } => ({ args: { data: { frame: 'F', ...fields } } });

describe('who initiated a slice', () => {
  const page = (): TraceRecipe =>
    trace()
      .thread('CrRendererMain')
      .navigate('https://a.test/', 0)
      .slice('RunTask', 0, 10)
      .slice('FunctionCall', 1, 9)
      .instant('TimerInstall', 2, data({ timerId: 1 }))
      .instant('ResourceSendRequest', 3, data({ requestId: '1', url: 'https://a.test/x.json' }))
      .slice('Layout', 4, 6, { args: { beginData: { frame: 'F' } } })
      .instant('TimerInstall', 5, data({ timerId: 2 }))
      .slice('RunTask', 20, 30)
      .slice('TimerFire', 21, 29, data({ timerId: 1 }))
      .slice('FunctionCall', 22, 28);

  test('is told with the slice around the moment, and from the other side', async () => {
    const detailsOf = await ask(page());
    const fired = await detailsOf('TimerFire');
    expect(fired.initiators.map(tell)).toEqual(['timer: Install timer in Function call @2']);
    expect(fired.initiatorsOf).toBeNull();
    const installer = await detailsOf('FunctionCall');
    expect(fired.initiators[0].slice).toBe(installer.slice);
    // What Layout asked for is Layout's.
    expect(installer.initiated.map(tell)).toEqual([
      'script: Request in x.json @3 of the page',
      'timer: Timer fired in Timer fired @21',
    ]);
    expect(installer.initiated[1].slice).toBe(fired.slice);
    expect((await detailsOf('TimerInstall')).initiated.map(tell)).toEqual([
      'timer: Timer fired in Timer fired @21',
    ]);
  });

  test('where nobody initiated it, of the slice around it', async () => {
    const detailsOf = await ask(page());
    const inner = await detailsOf('FunctionCall', 1);
    expect(inner.initiators.map(tell)).toEqual(['timer: Install timer in Function call @2']);
    expect(inner.initiatorsOf?.text).toBe('Timer fired');
    const task = await detailsOf('RunTask');
    expect([task.initiators, task.initiatorsOf, task.initiated]).toEqual([[], null, []]);
  });

  test('what the page caused goes before what Chrome ties by a flow nearer to the slice', async () => {
    const flow = (ph: string, at: number): object => ({ ph, id: 1, name: 'f', ts: micros(at), bp: 'e' });
    const run = page()
      .slice('v8::Debugger::AsyncTaskRun', 21.5, 28.5)
      .event({ ...flow('s', 5.5) })
      .event({ ...flow('f', 21.7) });
    const inner = await (await ask(run))('FunctionCall', 1);
    expect(inner.initiators.map(({ kind }) => kind)).toEqual(['timer']);
    expect(inner.initiatorsOf?.text).toBe('Timer fired');
    // Where a flow is all that there is, it is told.
    const alone = await (await ask(run))('v8::Debugger::AsyncTaskRun');
    expect(alone.initiators.map(({ kind }) => kind)).toEqual(['flow']);
  });

  test('a request names the slice that sent it', async () => {
    const detailsOf = await ask(page());
    expect((await detailsOf('item')).initiators.map(tell)).toEqual([
      'script: Send request in Function call @3',
    ]);
  });

  test('many are cut and counted', async () => {
    let recipe = trace()
      .thread('CrRendererMain')
      .navigate('https://a.test/', 0)
      .slice('FunctionCall', 0, 100);
    for (let id = 1; id <= 50; id++) recipe = recipe.instant('TimerInstall', id, data({ timerId: id }));
    for (let id = 1; id <= 50; id++)
      recipe = recipe.slice('TimerFire', 200 + id * 2, 201 + id * 2, data({ timerId: id }));
    const { initiated, initiatedLeftOut } = await (await ask(recipe))('FunctionCall');
    expect([initiated.length, initiatedLeftOut]).toEqual([20, 30]);
  });

  test('flows come last, and those within one slice lead nowhere', async () => {
    const flow = (ph: string, at: number, id: number): object => ({
      ph,
      id,
      name: 'f',
      ts: micros(at),
      bp: 'e',
    });
    const recipe = page()
      .event({ ...flow('s', 2, 1) })
      .event({ ...flow('f', 8, 1) })
      .event({ ...flow('s', 1.5, 2) })
      .event({ ...flow('f', 20.5, 2) });
    const { initiated } = await (await ask(recipe))('FunctionCall');
    expect(initiated.map(({ kind }) => kind)).toEqual(['script', 'timer', 'flow']);
    expect(initiated.at(-1)?.text).toBe('Task');
  });
});
