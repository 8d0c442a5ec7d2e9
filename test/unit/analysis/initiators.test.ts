import { describe, expect, test } from 'vitest';
import {
  causesOf,
  collectPageItems,
  effectsOf,
  findInitiators,
  findPageLoad,
  type PageItem,
} from '../../../src/analysis/index.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { micros, millis, trace } from '../../builders/trace.ts';

const FRAME = { frame: 'F' };
const data = (fields: object): { args: { data: object } } => ({ args: { data: { ...FRAME, ...fields } } });
const begin = (fields: object = {}): { args: { beginData: object } } => ({
  args: { beginData: { ...FRAME, ...fields } },
});

/** `kind: cause@ms → effect@ms`, by effect. */
function list(tables: TraceTables): string[] {
  const items = collectPageItems(tables, findPageLoad(tables));
  const initiators = findInitiators(tables, items);
  const name = (row: number): string => nameOf(tables, items, row);
  const rows = tables.slices.length + items.length;
  const byEffect = Array.from({ length: rows }, (_, row) => causesOf(initiators, row)).flat();
  const byCause = Array.from({ length: rows }, (_, row) => effectsOf(initiators, row)).flat();
  const inWords = byEffect.map(({ kind, cause, effect }) => `${kind}: ${name(cause)} → ${name(effect)}`);
  expect(
    byCause.map(({ kind, cause, effect }) => `${kind}: ${name(cause)} → ${name(effect)}`).sort(),
  ).toEqual([...inWords].sort());
  return inWords;
}

function nameOf({ slices, strings }: TraceTables, items: readonly PageItem[], row: number): string {
  const item = items[row - slices.length];
  return item === undefined
    ? `${strings.get(slices.name[row])}@${millis(slices.start[row])}`
    : `${item.title}@${millis(item.start)}`;
}

describe('who caused what', () => {
  test('timers, frames and idle callbacks are tied by their number in their frame and thread', async () => {
    const tables = await trace()
      .thread('CrRendererMain')
      .slice('RunTask', 0, 10)
      .instant('TimerInstall', 1, data({ timerId: 7, timeout: 5 }))
      .instant('RequestAnimationFrame', 2, data({ id: 7 }))
      .instant('RequestIdleCallback', 3, data({ id: 7 }))
      .instant('TimerInstall', 4, data({ timerId: 7, frame: 'other' }))
      .slice('TimerFire', 20, 25, data({ timerId: 7 }))
      .slice('FireAnimationFrame', 30, 35, data({ id: 7 }))
      .slice('FireIdleCallback', 40, 45, data({ id: 7 }))
      .slice('TimerFire', 50, 55, data({ timerId: 8 }))
      .slice('TimerFire', 60, 65, data({ timerId: 7 }))
      .thread('DedicatedWorker thread')
      .slice('TimerFire', 70, 75, { args: { data: { timerId: 7 } } })
      .read();
    expect(list(tables)).toEqual([
      'timer: TimerInstall@1 → TimerFire@20',
      'animation-frame: RequestAnimationFrame@2 → FireAnimationFrame@30',
      'idle-callback: RequestIdleCallback@3 → FireIdleCallback@40',
      'timer: TimerInstall@1 → TimerFire@60',
    ]);
  });

  test('a number used again is that of its last bearer', async () => {
    const tables = await trace()
      .thread('CrRendererMain')
      .instant('TimerInstall', 1, data({ timerId: 7 }))
      .slice('TimerFire', 5, 6, data({ timerId: 7 }))
      .instant('TimerInstall', 10, data({ timerId: 7 }))
      .slice('TimerFire', 15, 16, data({ timerId: 7 }))
      .read();
    expect(list(tables)).toEqual([
      'timer: TimerInstall@1 → TimerFire@5',
      'timer: TimerInstall@10 → TimerFire@15',
    ]);
  });

  test('messages go over threads and processes', async () => {
    const tables = await trace()
      .thread('CrRendererMain')
      .instant('SchedulePostMessage', 1, { args: { data: { traceId: '99' } } })
      .thread('DedicatedWorker thread', { pid: 2 })
      .slice('HandlePostMessage', 5, 6, { args: { data: { traceId: '99' } } })
      .slice('HandlePostMessage', 7, 8, { args: { data: { traceId: '98' } } })
      .read();
    expect(list(tables)).toEqual(['message: SchedulePostMessage@1 → HandlePostMessage@5']);
  });

  test('style and layout are caused by what made them necessary since the last time', async () => {
    const tables = await trace()
      .thread('CrRendererMain')
      .instant('ScheduleStyleRecalculation', 1, data({}))
      .slice('UpdateLayoutTree', 5, 7, begin())
      .instant('InvalidateLayout', 6, data({}))
      .slice('Layout', 8, 9, begin())
      .slice('UpdateLayoutTree', 10, 11, begin())
      .instant('InvalidateLayout', 20, data({}))
      .instant('InvalidateLayout', 21, data({ frame: 'other' }))
      .slice('Layout', 30, 31, begin())
      .slice('Layout', 40, 41, begin())
      .read();
    expect(list(tables)).toEqual([
      'style: ScheduleStyleRecalculation@1 → UpdateLayoutTree@5',
      // While style was recalculated: what asked for that asked for the layout.
      'layout: ScheduleStyleRecalculation@1 → Layout@8',
      'layout: InvalidateLayout@20 → Layout@30',
    ]);
  });

  test('requests come from the slice that sent them and the request that brought their page or script', async () => {
    const request = (requestId: string, url: string, initiator: object): object => ({
      requestId,
      url,
      initiator,
    });
    const page = 'https://a.test/';
    const tables = await trace()
      .thread('CrRendererMain')
      .instant('ResourceSendRequest', 1, data(request('1', `${page}#top`, { type: 'other' })))
      .slice('ParseHTML', 10, 20, begin())
      .instant(
        'ResourceSendRequest',
        12,
        data(request('2', `${page}a.js`, { type: 'parser', url: page, lineNumber: 4, columnNumber: 0 })),
      )
      .slice('EvaluateScript', 30, 40)
      .instant(
        'ResourceSendRequest',
        35,
        data({
          ...request('3', `${page}data`, { type: 'script' }),
          stackTrace: [{ url: `${page}a.js`, lineNumber: 3, columnNumber: 9 }],
        }),
      )
      .read();
    expect(list(tables)).toEqual([
      'script: ResourceSendRequest@1 → a.test@1',
      'script: ResourceSendRequest@12 → a.js@12',
      'request: a.test@1 → a.js@12',
      'script: ResourceSendRequest@35 → data@35',
      'request: a.js@12 → data@35',
    ]);
    const items = collectPageItems(tables, findPageLoad(tables));
    expect(items.map(({ initiator }) => initiator)).toEqual([-1, 0, 1]);
    expect(items.map(({ source }) => source.kind === 'request' && source.request.initiator)).toEqual([
      { type: 'other', url: '', line: 0, column: 0 },
      { type: 'parser', url: page, line: 5, column: 1 },
      { type: 'script', url: `${page}a.js`, line: 3, column: 9 },
    ]);
  });

  test('nothing begins before its cause', async () => {
    const page = 'https://a.test/';
    const flow = (ph: string, at: number) => ({ ph, name: 'f', id: '0x1', ts: micros(at), bp: 'e' });
    const tables = await trace()
      .thread('CrRendererMain')
      // A document's request is told of when it is there.
      .instant('ResourceWillSendRequest', 1, data({ requestId: '1', url: page }))
      .instant('ResourceSendRequest', 5, data({ requestId: '1', url: page }))
      .slice('Waits', 10, 20)
      .event(flow('f', 15))
      .slice('Waits', 30, 40)
      .event(flow('f', 35))
      .thread('Worker')
      .slice('Wakes', 12, 13)
      .event(flow('s', 12.5))
      .slice('Wakes', 22, 23)
      .event(flow('s', 22.5))
      .read();
    expect(list(tables)).toEqual(['flow: Wakes@22 → Waits@30']);
  });

  test('what names no id ties nothing', async () => {
    const tables = await trace()
      .thread('CrRendererMain')
      .instant('TimerInstall', 1, data({ timerId: { deep: 1 } }))
      .instant('TimerInstall', 2, { args: { data: null } })
      .event({ ph: 'E', name: 'TimerFire', ts: 5, args: data({ timerId: 1 }).args })
      .slice('TimerFire', 5, 6, { args: 7 })
      .read();
    expect(list(tables)).toEqual([]);
  });
});
