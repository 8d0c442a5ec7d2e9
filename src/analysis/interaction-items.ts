/**
 * Interactions of the user with the page, and what each waited for.
 * In: marks of the trace and the page. Out: one item per interaction, of the events that have its `interactionId`
 * (w3.org/TR/event-timing).
 */
import type { Micros } from '../base/index.ts';
import type { Mark, TraceTables } from '../trace/index.ts';
import { dataOf, number, text } from './arguments.ts';
import type { PageLoad } from './contract.ts';
import { isElsewhere } from './other-pages.ts';
import type { NewItem } from './page-item.ts';

/** Chrome gives durations in ms, rounded to 8 (event timing), and moments in ms since the page's time origin. */
export function collectInteractions({ marks }: TraceTables, { others }: PageLoad): NewItem[] {
  const byInteraction = new Map<string, InputEvent[]>();
  for (const mark of marks) {
    if (mark.name !== 'EventTiming' || isElsewhere(others, mark.pid)) continue;
    const data = dataOf(mark);
    const interaction = number(data, 'interactionId') ?? 0;
    const duration = number(data, 'duration') ?? 0;
    if (interaction <= 0 || duration <= 0) continue;
    const key = `${mark.pid} ${interaction}`;
    const events = byInteraction.get(key) ?? [];
    events.push(readInputEvent(mark, data, duration * 1000));
    byInteraction.set(key, events);
  }
  return [...byInteraction.values()].map(itemOfInteraction);
}

/** Times on the trace's clock. */
interface InputEvent {
  readonly type: string;
  readonly start: Micros;
  readonly end: Micros;
  readonly handled: { readonly start: number; readonly end: number };
}

function readInputEvent(mark: Mark, data: ReturnType<typeof dataOf>, duration: number): InputEvent {
  const stamp = number(data, 'timeStamp') ?? 0;
  const processingStart = number(data, 'processingStart') ?? stamp;
  const processingEnd = number(data, 'processingEnd') ?? processingStart;
  // Of the document's clock it is the distances that count.
  const start = mark.time + Math.max(0, processingStart - stamp) * 1000;
  return {
    type: text(data, 'type') ?? '',
    start: mark.time,
    end: mark.time + duration,
    handled: { start, end: start + Math.max(0, processingEnd - processingStart) * 1000 },
  };
}

/** Events that waited for the same picture end together: Chrome tells durations to 8 ms. */
const SAME_PICTURE_MICROS = 8_000;

/**
 * A press is several events (pointerdown, pointerup, click) that often wait for one picture: its parts are those of all of
 * them, from the first handler to the last, and it is called after the one whose handlers took most.
 */
function itemOfInteraction(events: readonly InputEvent[]): NewItem {
  const longest = events.reduce((one, other) =>
    other.end - other.start > one.end - one.start ? other : one,
  );
  const { start, end } = longest;
  const together = events.filter((each) => Math.abs(each.end - end) <= SAME_PICTURE_MICROS);
  const within = (time: number): number => Math.max(start, Math.min(end, time));
  const first = within(Math.min(...together.map(({ handled }) => handled.start)));
  const last = within(Math.max(...together.map(({ handled }) => handled.end)));
  const tookOf = ({ handled }: InputEvent): number => handled.end - handled.start;
  const busiest = together.reduce((one, other) => (tookOf(other) > tookOf(one) ? other : one), longest);
  return {
    track: 'interactions',
    start,
    settled: first,
    end,
    title: /^key/.test(longest.type) ? 'Keyboard' : 'Pointer',
    category: 'scripting',
    endInferred: false,
    source: {
      kind: 'interaction',
      parts: {
        eventType: busiest.type,
        inputDelay: first - start,
        processing: last - first,
        presentation: end - last,
      },
    },
  };
}
