/**
 * What is worth a look in this load: each insight with its evidence, each piece of evidence a way to its place in the
 * chart. In: an open trace. Out: a list; asked for when it is first looked at.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Evidence, Insight } from '../../../analysis/index.ts';
import { sliceIndex } from '../../../base/index.ts';
import type { EngineApi, OpenId } from '../../../engine/client.ts';
import { boxOfSlice } from '../../../flame/index.ts';
import { type Asking, AskingNow, createLatest } from '../../state/latest.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { countOf, formatMillisExact } from '../../words/format.ts';
import { AskingLine } from '../parts/asking-line.tsx';

interface InsightsProps {
  readonly engine: EngineApi;
  readonly view: TraceView;
}

type Found =
  | { readonly kind: 'reading' }
  | { readonly kind: 'found'; readonly insights: readonly Insight[] }
  | { readonly kind: 'failed'; readonly message: string };

export function InsightsPane({ engine, view }: InsightsProps) {
  const { found, asking } = useInsights(engine, view);
  if (found.kind === 'reading')
    return asking.state.value === 'quick' ? (
      <p class="quiet">Looking…</p>
    ) : (
      <AskingLine asking={asking} working="Looking through the trace…" />
    );
  if (found.kind === 'failed') return <p role="alert">{found.message}</p>;
  if (found.insights.length === 0 && view.opened.pageWindow === null)
    return (
      <p class="quiet">
        There is no page load in this trace, and nothing else in it stands out: insights are told of what
        happens from a navigation to the end of its load. “Record and reload” has it.
      </p>
    );
  if (found.insights.length === 0) {
    return (
      <p class="quiet">
        Nothing in this load stands out, as far as the trace tells: no long task, no forced layout, no request
        that held up the first paint, no layout shift, no slow interaction, no other site, no large script
        that came twice. Traces without V8's samples and without the network tell less: record with the preset
        “Standard”.
      </p>
    );
  }
  return (
    <ul class="insights">
      {found.insights.map((insight, index) => (
        <li key={insight.kind}>
          <details open={index === 0}>
            <summary>{insight.title}</summary>
            <p class="quiet">{insight.explanation}</p>
            <ul>
              {insight.evidence.map((evidence, row) => (
                <EvidenceLine key={`${row} ${evidence.text}`} view={view} evidence={evidence} />
              ))}
            </ul>
            {insight.leftOut > 0 && <p class="quiet">and {countOf(insight.leftOut, 'more', 'more')}</p>}
          </details>
        </li>
      ))}
    </ul>
  );
}

function EvidenceLine({ view, evidence }: { readonly view: TraceView; readonly evidence: Evidence }) {
  const { text, millis, note, callers = [], range, slice } = evidence;
  const show = (): void => {
    const chart = view.chart.peek();
    if (slice !== null) view.selection.value = sliceIndex(slice);
    // What is hidden in the chart is selected, and its place is gone to.
    if (slice === null || chart === null || boxOfSlice(chart, slice) < 0) view.viewport.value = range;
  };
  return (
    <li>
      <button type="button" class="link-button" onClick={show}>
        {text}
      </button>{' '}
      {millis !== null && <span class="number">{formatMillisExact(millis)} ms</span>}
      {note !== '' && <span class="quiet"> {note}</span>}
      {callers.length > 0 && <span class="quiet"> called by {callers.join(' ← ')}</span>}
    </li>
  );
}

function useInsights(engine: EngineApi, view: TraceView): { readonly found: Found; readonly asking: Asking } {
  const [found, setFound] = useState<Found>({ kind: 'reading' });
  const asking = useMemo(() => new AskingNow(), []);
  const names = view.names.value;
  useEffect(() => {
    const { open } = view.opened;
    const latest = createLatest<OpenId, readonly Insight[]>({
      ask: (question, signal) => engine.insights(question, { signal }),
      onAnswer: (insights) => setFound({ kind: 'found', insights }),
      onFailure: ({ message }) => setFound({ kind: 'failed', message }),
      asking,
    });
    latest.ask(open);
    return latest.dispose;
  }, [engine, view, names, asking]);
  return { found, asking };
}
