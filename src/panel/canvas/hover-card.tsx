/**
 * What is under the pointer, in words: beside it, on the side where there is more room, so that it never covers what
 * is pointed at. In: a view. Out: a card, or nothing. Everything it says is known without asking the engine.
 */
import { formatDuration, selfTimeOfBox } from '../../flame/index.ts';
import { CATEGORY_NAMES } from '../words/categories.ts';
import { categoryOfBox, describeSource } from './box-words.ts';
import type { ChartView } from './chart-view.ts';

/** CSS pixels between pointer and card. */
const DISTANCE = 14;

export function HoverCard({ view }: { readonly view: ChartView }) {
  const hover = view.hover.value;
  const { chart, origin } = view.props.value;
  if (hover === null || hover.box >= chart.boxes.length) return null;
  const { boxes, labels } = chart;
  const { box } = hover;
  const { text, source } = labels[boxes.label[box]];
  const category = categoryOfBox(chart, box);
  return (
    <div class="hover-card" style={placeOf(view, hover.x, hover.y)}>
      <p class="hover-name">{text}</p>
      <p>
        <i class="hover-swatch" data-category={category} /> {CATEGORY_NAMES[category]}
      </p>
      <dl>
        <dt>Total</dt>
        <dd>{formatDuration(boxes.end[box] - boxes.start[box])}</dd>
        <dt>Self</dt>
        <dd>{formatDuration(selfTimeOfBox(chart, box))}</dd>
        <dt>Start</dt>
        <dd>{formatDuration(boxes.start[box] - origin)}</dd>
      </dl>
      {source !== null && <p class="hover-source">{describeSource(source)}</p>}
    </div>
  );
}

function placeOf(view: ChartView, x: number, y: number): Record<string, string> {
  const { width, height, ratio } = view.size.peek();
  const right = width / ratio;
  const bottom = height / ratio;
  return {
    ...(x < right / 2 ? { left: `${x + DISTANCE}px` } : { right: `calc(100% - ${x - DISTANCE}px)` }),
    ...(y < bottom / 2 ? { top: `${y + DISTANCE}px` } : { bottom: `calc(100% - ${y - DISTANCE}px)` }),
  };
}
