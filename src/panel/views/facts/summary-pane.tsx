/**
 * The selected slice in words, or where nothing is selected the breakdown of the range as a table.
 */
import type { SliceDetails } from '../../../engine/client.ts';
import { formatExactDuration } from '../../../flame/index.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { CATEGORY_NAMES, shownCategories } from '../../words/categories.ts';
import { countOf, formatMillisExact, formatShare, formatSince, shortenMiddle } from '../../words/format.ts';
import type { LoadedElsewhere } from '../comparison/use-elsewhere.ts';
import { SliceArgumentsView } from './slice-arguments.tsx';
import { SliceLinks } from './slice-links.tsx';
import { WhySlow } from './why-slow.tsx';

interface SummaryPaneProps {
  readonly view: TraceView;
  readonly elsewhere: LoadedElsewhere | null;
}

export function SummaryPane({ view, elsewhere: loaded }: SummaryPaneProps) {
  const details = view.details.value;
  return (
    <>
      {details === null ? <RangeTable view={view} /> : <SelectedSlice view={view} details={details} />}
      {loaded !== null && (
        <loaded.room.ElsewherePane
          elsewhere={loaded.elsewhere}
          door={loaded.door}
          view={view}
          details={details}
        />
      )}
    </>
  );
}

/** Time per category in the shown range, every digit. */
function RangeTable({ view }: { readonly view: TraceView }) {
  const shown = view.breakdown.value;
  if (view.opened.mainThread === null) return <ThreadTable view={view} />;
  if (shown === null) return <p class="quiet">Adding up…</p>;
  const { breakdown, range } = shown;
  const micros = range.end - range.start;
  const from = formatSince(range.start - view.origin);
  const to = formatSince(range.end - view.origin);
  return (
    <table class="numbers breakdown">
      <caption>
        Main thread, {from} to {to}
      </caption>
      <thead>
        <tr>
          <th scope="col">Category</th>
          <th scope="col" class="number">
            Self time, ms
          </th>
          <th scope="col" class="number">
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {shownCategories(breakdown).map((category) => (
          <tr key={category}>
            <th scope="row">
              <i class="swatch" data-category={category} />
              {CATEGORY_NAMES[category]}
            </th>
            <td class="number">{formatMillisExact(breakdown[category])}</td>
            <td class="number">{formatShare(breakdown[category] * 1_000, micros)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Total</th>
          <td class="number">{formatMillisExact(micros / 1_000)}</td>
          <td class="number" />
        </tr>
      </tfoot>
    </table>
  );
}

/** What there is where no page's main thread is: the threads, the busiest in slices first. */
function ThreadTable({ view }: { readonly view: TraceView }) {
  const threads = [...view.opened.threads].sort((a, b) => b.slices - a.slices);
  if (threads.length === 0) return <p class="quiet">No thread is in this trace.</p>;
  return (
    <table class="numbers">
      <caption>
        No page's main thread is in this trace. It holds {countOf(threads.length, 'thread')}; Bottom-up and
        the others break any of them down:
      </caption>
      <tbody>
        {threads.slice(0, 20).map((thread) => (
          <tr key={thread.thread}>
            <th scope="row">{thread.title}</th>
            <td class="number">{countOf(thread.slices, 'slice')}</td>
            <td class="number">{countOf(thread.samples, 'sample')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SelectedSlice({ view, details }: { readonly view: TraceView; readonly details: SliceDetails }) {
  const { source } = details;
  return (
    <div class="slice">
      <h2>
        <i class="swatch" data-category={details.category} />
        {details.text}
      </h2>
      <dl class="facts">
        {details.onThread && (
          <>
            <dt>Category</dt>
            <dd>{CATEGORY_NAMES[details.category]}</dd>
          </>
        )}
        <dt>Start</dt>
        <dd class="number">{formatExactDuration(details.start - view.origin)}</dd>
        <dt>{details.onThread ? 'Total' : 'Length'}</dt>
        <dd class="number">{formatExactDuration(details.total)}</dd>
        {details.onThread && (
          <>
            <dt>Self</dt>
            <dd class="number">
              {formatExactDuration(details.self)}{' '}
              <span class="quiet">({formatShare(details.self, details.total)})</span>
            </dd>
          </>
        )}
        <WhySlow view={view} slice={details.slice} />
        {source !== null && (
          <>
            <dt>Source</dt>
            <dd class="code" title={source.url}>
              {source.url === '' ? (
                '(no file)'
              ) : (
                <button
                  type="button"
                  class="link-button"
                  title="Show its source, with the time of each line (O)"
                  onClick={() => {
                    view.source.value = { ...source };
                  }}
                >
                  {shortenMiddle(source.url, 90)}
                  {source.line > 0 && `:${source.line}:${source.column}`}
                </button>
              )}
            </dd>
          </>
        )}
        {details.eventName !== details.text && (
          <>
            <dt>{details.jsCall ? 'Function' : details.onThread ? 'Event' : 'Kind'}</dt>
            <dd class="code">{details.eventName === '' ? '(anonymous)' : details.eventName}</dd>
          </>
        )}
        {details.onThread && (
          <>
            <dt>Inside it</dt>
            <dd>{details.children === 0 ? 'nothing' : countOf(details.children, 'slice')}</dd>
            <dt>Inside</dt>
            <dd>
              <Path view={view} details={details} />
            </dd>
          </>
        )}
      </dl>
      {notesOf(details).map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
      <SliceLinks view={view} details={details} />
      <SliceArgumentsView view={view} state={view.sliceArguments.value} details={details} />
    </div>
  );
}

/** The ancestors, each a way up. */
function Path({ view, details }: { readonly view: TraceView; readonly details: SliceDetails }) {
  if (details.path.length === 0) return <>nothing: it is outermost</>;
  return (
    <ol class="path">
      {details.path.map((step) => (
        <li key={step.slice}>
          <button
            type="button"
            class="link-button"
            onClick={() => {
              view.selection.value = step.slice;
            }}
          >
            {step.text}
          </button>
        </li>
      ))}
    </ol>
  );
}

function notesOf(details: SliceDetails): readonly string[] {
  const notes: string[] = [];
  if (details.jsCall)
    notes.push("A JavaScript call, drawn from V8's samples: its edges are as exact as they are.");
  if (details.endInferred)
    notes.push(
      'Its end is not in the trace: it is drawn to the end of its parent, of its process or of the trace.',
    );
  if (details.clipped) notes.push('It overlapped the end of its parent and was cut there.');
  return notes;
}
