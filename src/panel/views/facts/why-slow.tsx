/**
 * Why the selected slice is slow, where the trace tells: it is a long task, a script forced it, or most of it is one part.
 * In: the open trace, the slice. Out: facts for its list; nothing where nothing is known.
 */
import { Fragment } from 'preact';
import { type SliceIndex, sliceIndex } from '../../../base/index.ts';
import {
  boxOfSlice,
  type Chart,
  forcerOf,
  formatDuration,
  LONG_TASK,
  overtimeOfBox,
  whyItem,
} from '../../../flame/index.ts';
import type { TraceView } from '../../state/trace-view.ts';

interface WhySlowProps {
  readonly view: TraceView;
  readonly slice: SliceIndex;
}

export function WhySlow({ view, slice }: WhySlowProps) {
  const chart = view.chart.value;
  const marks = view.marks.value;
  if (chart === null) return null;
  const box = boxOfSlice(chart, slice);
  const overtime = box < 0 ? 0 : overtimeOfBox(chart, box);
  const by = marks === null ? -1 : forcerOf(marks, slice);
  const caller = by < 0 ? -1 : boxOfSlice(chart, by);
  const reason = whyItem(chart, slice);
  if (overtime === 0 && by < 0 && reason === null) return null;
  return (
    <>
      <dt>Why slow</dt>
      <dd>
        {reason !== null && (
          <p class="bad">
            {reason.words}
            {reason.boxes.map((task, index) => (
              <Fragment key={task}>
                {index === 0 ? ': ' : ', '}
                <ToBox view={view} chart={chart} box={task} />
              </Fragment>
            ))}
          </p>
        )}
        {overtime > 0 && (
          <p class="bad">
            Long task: {formatDuration(overtime)} over {formatDuration(LONG_TASK)}, in which no input is
            answered
          </p>
        )}
        {by >= 0 && (
          <p class="bad">
            Forced by{' '}
            <button
              type="button"
              class="link-button"
              onClick={() => {
                view.selection.value = sliceIndex(by);
              }}
            >
              {caller < 0 ? 'a script' : chart.labels[chart.boxes.label[caller]].text}
            </button>
            : it asked for a size or place after a change, so this ran at once instead of once per frame
          </p>
        )}
      </dd>
    </>
  );
}

function ToBox({
  view,
  chart,
  box,
}: {
  readonly view: TraceView;
  readonly chart: Chart;
  readonly box: number;
}) {
  const { start, end, label, slice } = chart.boxes;
  return (
    <button
      type="button"
      class="link-button"
      onClick={() => {
        view.selection.value = sliceIndex(slice[box]);
      }}
    >
      {chart.labels[label[box]].text}, {formatDuration(end[box] - start[box])}
    </button>
  );
}
