/**
 * Flows, slow and obvious: what src/analysis/flows.ts says in words.
 * In: timed events in file order, and each thread's slices as told by the slow reader. Out: `#event → #event`, sorted.
 */
import type { PlainEvent } from './slow-reader.ts';

export type TimedEvent = PlainEvent & { readonly at: number; readonly time: number };

interface Row {
  readonly event: number;
  readonly start: number;
  readonly end: number;
  readonly instant: boolean;
  readonly name: string;
  readonly category: string;
}

const threadOf = ({ pid, tid }: PlainEvent): string => `${pid}:${tid}`;
const categoryOf = ({ cat }: PlainEvent): string => cat ?? '';

/** Threads by number of appearance as `pid:tid`, each with its lines. */
export function pairSlowFlows(
  events: readonly TimedEvent[],
  lines: Readonly<Record<string, readonly string[]>>,
): string[] {
  const rowsOf = (thread: string): Row[] => (lines[thread] ?? []).flatMap((line) => readLine(line, events));
  const flows = new Map<string, number | null>();
  const pairs: string[] = [];
  const take = (flow: string, owner: number | null, begins: boolean, ends: boolean): void => {
    const from = begins ? null : (flows.get(flow) ?? null);
    if (from !== null && owner !== null && from !== owner) pairs.push(`#${from} → #${owner}`);
    if (ends) flows.set(flow, null);
    else if (owner !== null) flows.set(flow, owner);
  };
  for (const event of events.toSorted((a, b) => a.time - b.time)) {
    const { ph, bind_id: bound, flow_in: isIn = false, flow_out: isOut = false } = event;
    const rows = rowsOf(threadOf(event));
    if ('stf'.includes(ph)) {
      const flow = `${categoryOf(event)} ${event.name} ${event.id}`;
      const from = ph === 's' ? null : (flows.get(flow) ?? null);
      take(flow, ownerOf(event, rows, events, from), ph === 's', ph === 'f');
    } else if (bound !== undefined && 'XBIiR'.includes(ph) && (isIn || isOut)) {
      const own = rows.find((row) => row.event === event.at)?.event ?? null;
      take(`bound ${bound}`, own, !isIn, !isOut);
    }
  }
  return pairs.sort();
}

function readLine(line: string, events: readonly TimedEvent[]): Row[] {
  const found = /#(\d+)( lost)?( instant)? (-?[\d.e+]+?)\+([\d.e+-]+)( cut)?$/.exec(line);
  if (found === null) return [];
  const event = Number(found[1]);
  const start = Number(found[4]);
  const own = events.find(({ at }) => at === event) as TimedEvent;
  return [
    {
      event,
      start,
      end: start + Number(found[5]),
      instant: found[3] !== undefined,
      name: own.name ?? '',
      category: categoryOf(own),
    },
  ];
}

/** Rows are in order: outer before inner, earlier before later. */
function ownerOf(
  event: TimedEvent,
  rows: readonly Row[],
  events: readonly TimedEvent[],
  from: number | null,
): number | null {
  const category = categoryOf(event);
  const alike = rows.filter((row) => row.start === event.time && row.category === category);
  const beginning =
    event.ph === 's'
      ? (alike.findLast((row) => row.name === (event.name ?? '')) ?? alike.at(-1))
      : alike.find((row) => row.event !== from);
  if (beginning !== undefined) return beginning.event;
  const isOfAsync = events.some(
    (one) =>
      'bSnTp'.includes(one.ph) &&
      one.time === event.time &&
      one.pid === event.pid &&
      categoryOf(one) === category,
  );
  if (isOfAsync) return null;
  const slices = rows.filter((row) => !row.instant);
  const owner =
    event.ph === 'f' && event.bp !== 'e'
      ? slices.find((row) => row.start >= event.time)
      : slices.findLast(
          (row) => row.start === event.time || (row.start < event.time && row.end > event.time),
        );
  return owner?.event ?? null;
}
