/**
 * What is under the pointer, in words: beside it, on the side where there is more room, so that it never covers what
 * is pointed at. In: a view. Out: a card, or nothing. Everything it says is known without asking the engine.
 */
import { Fragment } from 'preact';
import {
  boxOfSlice,
  forcerOf,
  formatCounter,
  formatDuration,
  type ItemNote,
  LONG_TASK,
  overtimeOfBox,
  selfTimeOfBox,
  spanOfBox,
  valueAt,
} from '../../flame/index.ts';
import { CATEGORY_NAMES } from '../words/categories.ts';
import { formatShare } from '../words/format.ts';
import { describeSource } from '../words/places.ts';
import type { ChartView, Hover } from './chart-view.ts';
import { categoryOfBox, noteOfBox } from './paint/box-words.ts';
import type { GraphLook } from './props.ts';

/** CSS pixels between pointer and card. */
const DISTANCE = 14;

export function HoverCard({ view }: { readonly view: ChartView }) {
  const hover = view.hover.value;
  const { chart, origin, graph } = view.props.value;
  if (hover === null || hover.box >= chart.boxes.length) return null;
  if (hover.box < 0) return <CounterCard view={view} hover={hover} />;
  const { boxes, labels } = chart;
  const { box } = hover;
  const { text, source } = labels[boxes.label[box]];
  const category = categoryOfBox(chart, box);
  const span = spanOfBox(chart, box);
  const total = span.end - span.start;
  const note = noteOfBox(chart, box);
  const self = selfTimeOfBox(chart, box);
  const overtime = graph === undefined ? overtimeOfBox(chart, box) : 0;
  const forcer = forcerBox(view, box);
  return (
    <div class="hover-card" style={placeOf(view, hover.x, hover.y)}>
      <p class="hover-name">{text}</p>
      {category !== null && (
        <p>
          <i class="hover-swatch" data-category={category} /> {CATEGORY_NAMES[category]}
        </p>
      )}
      {note !== null && <ItemWords view={view} note={note} />}
      <dl>
        {(graph?.tellBox?.(box) ?? itemParts(total, note) ?? partsOf(total, self, graph)).map(
          ([name, figure]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{figure}</dd>
            </Fragment>
          ),
        )}
        {graph === undefined && (
          <>
            <dt>Start</dt>
            <dd>{formatDuration(span.start - origin)}</dd>
          </>
        )}
      </dl>
      {overtime > 0 && (
        <p class="bad">
          Long task: {formatDuration(overtime)} over {formatDuration(LONG_TASK)}
        </p>
      )}
      {forcer >= 0 && (
        <p class="bad">
          Forced by {forcer === chart.boxes.length ? 'a script' : labels[boxes.label[forcer]].text}: it asked
          for a size or place after a change, so this ran at once
        </p>
      )}
      {source !== null && <p class="hover-source">{describeSource(source)}</p>}
    </div>
  );
}

/** What an item is beyond its times; its picture where it is one. */
function ItemWords({ view, note }: { readonly view: ChartView; readonly note: ItemNote }) {
  const { pictures } = view.props.value;
  // Shown again when there are more.
  const isAsked = pictures !== undefined && pictures.version.value >= 0;
  const picture = isAsked ? pictures.addressOf(note.picture) : null;
  const what = [note.what, note.priority === '' ? '' : `priority ${note.priority}`];
  return (
    <>
      <p>{what.filter((words) => words !== '').join(', ')}</p>
      {note.blocksRendering && <p class="bad">Holds up the first picture of the page</p>}
      {note.words.map((words) => (
        <p key={words} class="hover-source">
          {words}
        </p>
      ))}
      {picture === '' && <p class="bad">This picture is damaged and cannot be shown</p>}
      {picture !== null && picture !== '' && <img class="hover-picture" src={picture} alt="" />}
    </>
  );
}

/** Parts of an item's time before its total; null where it is no item, or has no parts. */
function itemParts(total: number, note: ItemNote | null): readonly (readonly [string, string])[] | null {
  if (note === null) return null;
  const parts = note.parts.map(({ name, duration }) => [name, formatDuration(duration)] as const);
  return total > 0 || parts.length > 0 ? [...parts, ['Total', formatDuration(total)] as const] : parts;
}

/** All counters at the moment under the pointer. */
function CounterCard({ view, hover }: { readonly view: ChartView; readonly hover: Hover }) {
  const { chart, origin } = view.props.value;
  const time = view.timeAt(hover.x * view.size.peek().ratio);
  const values = [...(chart.counters?.values() ?? [])].flatMap((series) => {
    const value = valueAt(series, time);
    return value === null ? [] : [[series.title, formatCounter(series, value)] as const];
  });
  return (
    <div class="hover-card" style={placeOf(view, hover.x, hover.y)}>
      <dl>
        <dt>At</dt>
        <dd>{formatDuration(time - origin)}</dd>
        {values.map(([name, figure]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  );
}

/** The box of the script that forced this one; the number of boxes where it is not drawn, -1 where nobody did. */
function forcerBox({ props }: ChartView, box: number): number {
  const { chart, marks } = props.peek();
  const known = marks?.peek() ?? null;
  const by = known === null ? -1 : forcerOf(known, chart.boxes.slice[box]);
  if (by < 0) return -1;
  const found = boxOfSlice(chart, by);
  return found < 0 ? chart.boxes.length : found;
}

const partsOf = (
  total: number,
  self: number,
  graph: GraphLook | undefined,
): readonly (readonly [string, string])[] => [
  ['Total', tellPart(total, graph)],
  ['Self', tellPart(self, graph)],
];

const tellPart = (part: number, graph: GraphLook | undefined): string =>
  graph === undefined ? formatDuration(part) : `${graph.tell(part)} (${formatShare(part, graph.whole)})`;

/** In the window, not in the chart: of a low one it would be cut off. */
function placeOf(view: ChartView, x: number, y: number): Record<string, string> {
  const { width, ratio } = view.size.peek();
  const { left, top } = view.placeOnPage();
  const isLeft = x < width / ratio / 2;
  const isUpper = top + y < innerHeight / 2;
  return {
    ...(isLeft ? { left: `${left + x + DISTANCE}px` } : { right: `calc(100% - ${left + x - DISTANCE}px)` }),
    ...(isUpper ? { top: `${top + y + DISTANCE}px` } : { bottom: `calc(100% - ${top + y - DISTANCE}px)` }),
  };
}
