/**
 * Why the selected slice is slow, where the trace tells: it is a long task, or a script forced it. In: the open trace, the
 * slice. Out: facts for its list; nothing where nothing is known.
 */
import { type SliceIndex, sliceIndex } from '../../../base/index.ts';
import { boxOfSlice, forcerOf, formatDuration, LONG_TASK, overtimeOfBox } from '../../../flame/index.ts';
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
  if (overtime === 0 && by < 0) return null;
  return (
    <>
      <dt>Why slow</dt>
      <dd>
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
