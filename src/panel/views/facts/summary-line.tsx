/**
 * The line that answers first: how long, spent on what, how it felt, and how far to trust it.
 * In: the open trace and its recording. Out: text, a stacked bar, and buttons that open the pages with the rest.
 */
import type { Signal } from '@preact/signals';
import type { OpenedRecording } from '../../../engine/client.ts';
import { formatDuration } from '../../../flame/index.ts';
import { NO_VITALS, type Recording } from '../../../recording/index.ts';
import type { Quality } from '../../state/facts/quality.ts';
import { subjectThread } from '../../state/facts/subject-thread.ts';
import { viewVitals } from '../../state/facts/vitals-view.ts';
import type { RangeKind, TraceView } from '../../state/trace-view.ts';
import { CATEGORY_NAMES, shownCategories } from '../../words/categories.ts';
import { formatMillisShort, formatShare, formatSince } from '../../words/format.ts';
import { BadIcon, CautionIcon, CheckIcon, RatingIcon } from '../parts/icons.tsx';
import type { DetailsTab } from './details.tsx';

const RANGE_NAMES: Readonly<Record<RangeKind, string>> = {
  'page-window': 'Page load',
  whole: 'Whole trace',
  visible: 'Visible range',
  measured: 'Measured range',
};

interface SummaryLineProps {
  readonly view: TraceView;
  readonly recording: Recording | null;
  readonly quality: Quality;
  readonly tab: Signal<DetailsTab>;
}

export function SummaryLine({ view, recording, quality, tab }: SummaryLineProps) {
  const hasPage = recording !== null || (view !== null && view.opened.mainThread !== null);
  return (
    <section class="summary" aria-label="Summary">
      <RangeTotal view={view} />
      <CategoryBar view={view} />
      {hasPage && (
        <VitalsLine
          recording={recording}
          opened={view?.opened ?? null}
          onShow={() => {
            tab.value = 'page';
          }}
        />
      )}
      <button
        type="button"
        class={`tool quality ${quality.mark}`}
        title={quality.notes.map(({ title }) => title).join(' · ') || 'Nothing was lost'}
        onClick={() => {
          tab.value = 'quality';
        }}
      >
        <QualityIcon mark={quality.mark} />
        <span class="quality-word">Quality: </span>
        {quality.label}
      </button>
    </section>
  );
}

export function QualityIcon({ mark }: { readonly mark: Quality['mark'] }) {
  if (mark === 'good') return <CheckIcon />;
  return mark === 'bad' ? <BadIcon /> : <CautionIcon />;
}

/** Which window the numbers are of, how long it is, and the way back to the page window. */
function RangeTotal({ view }: { readonly view: TraceView }) {
  // With the numbers beside it: it is of the same range, and does not lay the page out in every frame of a movement.
  const { kind, range } = view.breakdown.value ?? view.shownRange.value;
  const isHome = range.start === view.home.start && range.end === view.home.end;
  const homeName = view.opened.pageWindow === null ? 'whole trace' : 'page load';
  const from = formatSince(range.start - view.origin);
  const to = formatSince(range.end - view.origin);
  return (
    <div class="range-total" title={`${RANGE_NAMES[kind]}: ${from} to ${to}`}>
      <strong class="number">{formatDuration(range.end - range.start)}</strong>
      <span class="quiet">{RANGE_NAMES[kind]}</span>
      {!isHome && (
        <button
          type="button"
          class="link-button"
          title={`Show the ${homeName} again`}
          onClick={() => {
            view.measured.value = null;
            view.viewport.value = view.home;
          }}
        >
          Reset
        </button>
      )}
    </div>
  );
}

function CategoryBar({ view }: { readonly view: TraceView }) {
  const shown = view.breakdown.value;
  const subject = subjectThread(view.opened);
  if (subject === null)
    return (
      <p class="categories quiet">No thread of this trace did anything: there is nothing to break down.</p>
    );
  if (shown === null) return <p class="categories quiet">Adding up…</p>;
  const { breakdown, range } = shown;
  const total = (range.end - range.start) / 1_000;
  const categories = shownCategories(breakdown);
  return (
    <div class="categories">
      <ul>
        {view.opened.mainThread === null && (
          <li class="quiet" title="This trace has no page: it is summed up by the thread that holds most">
            {subject.title}:
          </li>
        )}
        {categories.map((category, index) => (
          <li
            key={category}
            title={`${CATEGORY_NAMES[category]}: ${formatShare(breakdown[category], total)}`}
          >
            <i class="swatch" data-category={category} />
            {CATEGORY_NAMES[category]} <b class="number">{formatMillisShort(breakdown[category])}</b>
            {/* Not by itself: it would take a line of its own. */}
            {index === categories.length - 1 && <span class="quiet unit"> ms</span>}
          </li>
        ))}
      </ul>
      <div class="stacked-bar" aria-hidden="true">
        {categories.map((category) => (
          <i key={category} data-category={category} style={{ flexGrow: breakdown[category] }} />
        ))}
      </div>
    </div>
  );
}

interface VitalsLineProps {
  readonly recording: Recording | null;
  readonly opened: OpenedRecording | null;
  readonly onShow: () => void;
}

function VitalsLine({ recording, opened, onShow }: VitalsLineProps) {
  const rows = viewVitals(recording?.vitals ?? NO_VITALS, opened?.vitals).filter(
    ({ name }) => name === 'LCP' || name === 'CLS' || name === 'INP',
  );
  return (
    <ul class="vitals-line">
      {rows.map(({ name, fullName, value, rating, word }) => (
        <li key={name}>
          <button type="button" class="tool" title={`${fullName}: ${value}, ${word}`} onClick={onShow}>
            <span class="quiet">{name}</span>
            <b class="number">{value}</b>
            {rating !== null && <RatingIcon rating={rating} />}
            <span class="for-readers">{word}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
