/**
 * Who caused what: which slice installed the timer that fires in another, which one made a layout necessary.
 * In: trace tables and page items. Out: pairs of rows, cause and effect; a page item is numbered as a slice beyond the
 * last. Rows of instants stand for themselves: where they lie tells who ran.
 *
 *   kind              cause → effect                                      tied by
 *   timer             TimerInstall → TimerFire                            thread, frame, timer; the last install before
 *   animation-frame   RequestAnimationFrame → FireAnimationFrame          thread, frame, callback
 *   idle-callback     RequestIdleCallback → FireIdleCallback              thread, frame, callback
 *   message           SchedulePostMessage → HandlePostMessage             the message, over threads and processes
 *   post-task         SchedulePostTaskCallback → Run…, AbortPostTask…     thread, task
 *   web-socket        WebSocketCreate → its handshake, data, end          process, socket
 *   style             ScheduleStyleRecalculation → UpdateLayoutTree       thread, frame; the last since the one before
 *   layout            InvalidateLayout → Layout                           thread, frame; the last since the one before
 *   script            where a request was sent → the request             the event that tells of it
 *   request           a document, script or sheet → a request             the address that Chrome names as initiator
 *   flow              whatever Chrome ties by a flow (flows.ts)           and nothing above ties already
 *
 * A style recalculation that lays nothing waste but what its own schedule did: where an InvalidateLayout comes while
 * style is recalculated, what asked for that recalculation caused the layout, too (as in DevTools).
 *
 * Nothing begins before its cause: a document's request, which the renderer tells of when it has the document, was sent by
 * nobody there; a flow into what runs already started nothing.
 */
import { int32Column, lowerBound, uint8Column } from '../base/index.ts';
import { type LinkTable, type Mark, namesOf, type TraceTables } from '../trace/index.ts';
import { EventRows } from './event-rows.ts';
import { findFlows } from './flows.ts';
import type { PageItem } from './page-item.ts';

export const LINK_KINDS = [
  'timer',
  'animation-frame',
  'idle-callback',
  'message',
  'post-task',
  'web-socket',
  'style',
  'layout',
  'script',
  'request',
  'flow',
] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

export interface Link {
  readonly kind: LinkKind;
  /** Row of a slice, or of a page item beyond the last. */
  readonly cause: number;
  readonly effect: number;
}

/** Pairs by effect; `byCause` has the same pairs' numbers, by cause. */
export interface Initiators {
  readonly length: number;
  /** Index into {@link LINK_KINDS}. */
  readonly kind: Uint8Array;
  readonly cause: Int32Array;
  readonly effect: Int32Array;
  readonly byCause: Int32Array;
}

export function findInitiators(tables: TraceTables, items: readonly PageItem[]): Initiators {
  const { start, length } = tables.slices;
  const startOf = (row: number): number => (row < length ? start[row] : items[row - length].start);
  const pairs = new Pairs();
  const add = (kind: LinkKind, cause: number, effect: number): void => {
    if (startOf(cause) <= startOf(effect)) pairs.add(kind, cause, effect);
  };
  for (const { kind, cause, effect } of findLinked(tables)) add(kind, cause, effect);
  for (const { kind, cause, effect } of findRequested(tables, items)) add(kind, cause, effect);
  findFlows(tables, (cause, effect) => add('flow', cause, effect));
  return pairs.settle();
}

class Pairs {
  readonly #kind = uint8Column(256);
  readonly #cause = int32Column(256);
  readonly #effect = int32Column(256);

  add(kind: LinkKind, cause: number, effect: number): void {
    this.#kind.push(LINK_KINDS.indexOf(kind));
    this.#cause.push(cause);
    this.#effect.push(effect);
  }

  settle(): Initiators {
    const [kind, cause, effect] = [this.#kind.values, this.#cause.values, this.#effect.values];
    const order = Uint32Array.from({ length: this.#kind.length }, (_, i) => i);
    order.sort((a, b) => effect[a] - effect[b] || cause[a] - cause[b] || kind[a] - kind[b]);
    // Two slices are tied once, by what says most.
    const kept = order.filter((pair, i) => {
      const before = order[i - 1];
      return i === 0 || effect[before] !== effect[pair] || cause[before] !== cause[pair];
    });
    const causes = Int32Array.from(kept, (pair) => cause[pair]);
    const effects = Int32Array.from(kept, (pair) => effect[pair]);
    const byCause = Int32Array.from(kept.keys());
    byCause.sort((a, b) => causes[a] - causes[b] || effects[a] - effects[b]);
    return {
      length: kept.length,
      kind: Uint8Array.from(kept, (pair) => kind[pair]),
      cause: causes,
      effect: effects,
      byCause,
    };
  }
}

/** What caused the slice or item. */
export function causesOf(initiators: Initiators, row: number): Link[] {
  const { effect, length } = initiators;
  const links: Link[] = [];
  for (let i = lowerBound(effect, row); i < length && effect[i] === row; i++)
    links.push(linkAt(initiators, i));
  return links;
}

/** What it caused. */
export function effectsOf(initiators: Initiators, row: number): Link[] {
  const { cause, byCause, length } = initiators;
  let from = 0;
  let to = length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (cause[byCause[middle]] < row) from = middle + 1;
    else to = middle;
  }
  const links: Link[] = [];
  for (; from < length && cause[byCause[from]] === row; from++) links.push(linkAt(initiators, byCause[from]));
  return links;
}

const linkAt = ({ kind, cause, effect }: Initiators, i: number): Link => ({
  kind: LINK_KINDS[kind[i]],
  cause: cause[i],
  effect: effect[i],
});

// --- By ids and frames ------------------------------------------------------------------------------------------------

interface Role {
  readonly kind: LinkKind;
  readonly is: 'cause' | 'effect';
  /** What ids are numbered within. */
  readonly within: 'frame' | 'thread' | 'process' | 'trace';
}

const role = (kind: LinkKind, is: Role['is'], within: Role['within']): Role => ({ kind, is, within });
const SOCKET_EFFECT = role('web-socket', 'effect', 'process');

const ROLES: Readonly<Record<string, Role>> = {
  TimerInstall: role('timer', 'cause', 'frame'),
  TimerFire: role('timer', 'effect', 'frame'),
  RequestAnimationFrame: role('animation-frame', 'cause', 'frame'),
  FireAnimationFrame: role('animation-frame', 'effect', 'frame'),
  RequestIdleCallback: role('idle-callback', 'cause', 'frame'),
  FireIdleCallback: role('idle-callback', 'effect', 'frame'),
  SchedulePostMessage: role('message', 'cause', 'trace'),
  HandlePostMessage: role('message', 'effect', 'trace'),
  SchedulePostTaskCallback: role('post-task', 'cause', 'thread'),
  RunPostTaskCallback: role('post-task', 'effect', 'thread'),
  AbortPostTaskCallback: role('post-task', 'effect', 'thread'),
  WebSocketCreate: role('web-socket', 'cause', 'process'),
  WebSocketSendHandshakeRequest: SOCKET_EFFECT,
  WebSocketReceiveHandshakeResponse: SOCKET_EFFECT,
  WebSocketSend: SOCKET_EFFECT,
  WebSocketReceive: SOCKET_EFFECT,
  WebSocketDestroy: SOCKET_EFFECT,
  ScheduleStyleRecalculation: role('style', 'cause', 'frame'),
  ...Object.fromEntries(namesOf('style').map((name) => [name, role('style', 'effect', 'frame')])),
  InvalidateLayout: role('layout', 'cause', 'frame'),
  Layout: role('layout', 'effect', 'frame'),
};

/** A recalculation of a frame's style that may still run. */
interface Recalculation {
  readonly end: number;
  readonly cause: number;
}

function findLinked(tables: TraceTables): Link[] {
  const { links, slices, strings } = tables;
  const rowOf = new EventRows(tables);
  const roles = new Map<number, Role>();
  for (const [name, own] of Object.entries(ROLES)) {
    const row = strings.find(name);
    if (row >= 0) roles.set(row, own);
  }
  const pairs: Link[] = [];
  const causes = new Map<string, number>();
  const recalculations = new Map<string, Recalculation>();
  for (const at of inOrder(links)) {
    const own = roles.get(links.name[at]);
    if (own === undefined || !tellsEnough(links, at, own)) continue;
    const row = rowOf.find(links.thread[at], links.time[at], links.detail[at]);
    if (row < 0) continue;
    const { kind } = own;
    const place = placeOf(tables, at, own);
    const key = `${kind} ${place}`;
    if (own.is === 'cause') {
      const recalculation = kind === 'layout' && !causes.has(key) ? recalculations.get(place) : undefined;
      causes.set(
        key,
        recalculation !== undefined && recalculation.end > links.time[at] ? recalculation.cause : row,
      );
      continue;
    }
    const cause = causes.get(key);
    if (cause === undefined) continue;
    pairs.push({ kind, cause, effect: row });
    // Each of these is asked for anew.
    if (kind === 'layout' || kind === 'style') causes.delete(key);
    if (kind === 'style') recalculations.set(place, { end: slices.start[row] + slices.duration[row], cause });
  }
  return pairs;
}

/** Rows of the link table by time; a cause before its effect, as they are in the file. */
function inOrder({ length, time }: LinkTable): Uint32Array {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  return order.sort((a, b) => time[a] - time[b] || a - b);
}

/** Style and layout are a frame's; all else has a number. */
const tellsEnough = ({ frame, id }: LinkTable, at: number, { kind }: Role): boolean =>
  (kind === 'style' || kind === 'layout' ? frame : id)[at] !== 0;

function placeOf({ links, threads }: TraceTables, at: number, { within }: Role): string {
  const id = links.id[at];
  switch (within) {
    case 'trace':
      return `${id}`;
    case 'process':
      return `${threads.pid[links.thread[at]]} ${id}`;
    case 'thread':
      return `${links.thread[at]} ${id}`;
    case 'frame':
      return `${links.thread[at]} ${links.frame[at]} ${id}`;
  }
}

/** Finds the slices of marks. */
class MarkRows {
  readonly #strings: TraceTables['strings'];
  readonly #rows: EventRows;
  readonly #threads = new Map<string, number>();

  constructor(tables: TraceTables) {
    this.#strings = tables.strings;
    this.#rows = new EventRows(tables);
    const { pid, tid, length } = tables.threads;
    for (let thread = 0; thread < length; thread++)
      this.#threads.set(`${pid[thread]} ${tid[thread]}`, thread);
  }

  /** The slice or instant that a mark is. */
  mark({ pid, tid, time, name }: Mark): number {
    const thread = this.#threads.get(`${pid} ${tid}`);
    return thread === undefined ? -1 : this.#rows.named(thread, time, this.#strings.find(name));
  }
}

// --- Requests ---------------------------------------------------------------------------------------------------------

/** The slice that sent a request, and the request that brought the code or markup which asked for it. */
function findRequested(tables: TraceTables, items: readonly PageItem[]): Link[] {
  const finder = new MarkRows(tables);
  const sent = new Map<string, Mark>();
  for (const mark of tables.marks) {
    if (mark.name !== 'ResourceSendRequest') continue;
    const id = requestIdOf(mark);
    if (id !== '' && !sent.has(id)) sent.set(id, mark);
  }
  const first = tables.slices.length;
  return items.flatMap(({ source, initiator }, at) => {
    if (source.kind !== 'request') return [];
    const effect = first + at;
    const mark = sent.get(source.request.id);
    const sender = mark === undefined ? -1 : finder.mark(mark);
    return [
      ...(sender < 0 ? [] : [{ kind: 'script' as const, cause: sender, effect }]),
      ...(initiator < 0 ? [] : [{ kind: 'request' as const, cause: first + initiator, effect }]),
    ];
  });
}

function requestIdOf({ args }: Mark): string {
  const data = args.data;
  return typeof data === 'object' &&
    data !== null &&
    'requestId' in data &&
    typeof data.requestId === 'string'
    ? data.requestId
    : '';
}
