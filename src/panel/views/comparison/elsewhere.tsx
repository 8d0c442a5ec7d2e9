/**
 * What the connected backends have of what is selected: ways there, and a request's spans at its servers.
 * In: the open trace, what is selected. Out: nothing where no backend is connected and no server named its trace.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Place, ServerSpan, ServerSpans } from '../../../backends/index.ts';
import type { SliceDetails } from '../../../engine/client.ts';
import { formatExactDuration } from '../../../flame/index.ts';
import type { Elsewhere, ServerAnswer } from '../../state/comparison/elsewhere.ts';
import type { BackendsDoor } from '../../state/doors.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { countOf } from '../../words/format.ts';

export { createElsewhere } from '../../state/comparison/elsewhere.ts';

export function ElsewherePane(props: PartProps) {
  const { elsewhere, details, door } = props;
  return (
    <>
      {details !== null && !details.onThread && (
        <Server elsewhere={elsewhere} details={details} door={door} />
      )}
      <Places {...props} />
    </>
  );
}

interface PartProps {
  readonly elsewhere: Elsewhere;
  readonly view: TraceView;
  /** null: the range. */
  readonly details: SliceDetails | null;
  readonly door: BackendsDoor;
}

function Places({ elsewhere, view, details, door }: PartProps) {
  const [places, setPlaces] = useState<readonly Place[]>([]);
  const { start, end } = view.shownRange.value.range;
  const backends = door.list.value;
  useEffect(() => {
    let isHere = true;
    void elsewhere.places(details, { start, end }).then((found) => {
      if (isHere) setPlaces(found);
    });
    return () => {
      isHere = false;
    };
  }, [elsewhere, details, start, end, backends]);
  if (places.length === 0 && elsewhere.copyLink === null) return null;
  return (
    <p class="elsewhere">
      {places.length > 0 && <span class="quiet">{details === null ? 'This load in' : 'This in'}</span>}
      {places.map(({ name, url }) => (
        <a key={url} class="plain-button" href={url} target="_blank" rel="noreferrer" title={url}>
          {places.some((other) => other.url !== url && other.name === name)
            ? `${name} at ${new URL(url).host}`
            : name}
        </a>
      ))}
      <CopyLink elsewhere={elsewhere} details={details} start={start} end={end} />
    </p>
  );
}

interface CopyLinkProps extends Pick<PartProps, 'elsewhere' | 'details'> {
  readonly start: number;
  readonly end: number;
}

/** For tickets and chats: pasted into the search over the list of recordings it leads back here. */
function CopyLink({ elsewhere: { copyLink }, details, start, end }: CopyLinkProps) {
  const [said, setSaid] = useState('');
  useEffect(() => setSaid(''), [details, start, end]);
  if (copyLink === null) return null;
  const copy = (): void =>
    void copyLink(details, { start, end }).then((isCopied) =>
      setSaid(isCopied ? 'Copied.' : 'The browser did not let us write to the clipboard.'),
    );
  return (
    <>
      <button
        type="button"
        class="plain-button"
        title="A pageflame: link, to be kept in tickets: pasted into the search over the list of recordings it leads back here"
        onClick={copy}
      >
        Copy link
      </button>
      <span role="status" class="quiet">
        {said}
      </span>
    </>
  );
}

interface ServerProps extends Pick<PartProps, 'elsewhere' | 'door'> {
  readonly details: SliceDetails;
}

function Server({ elsewhere, details, door }: ServerProps) {
  const [answer, setAnswer] = useState<ServerAnswer | null>(null);
  const backends = door.list.value;
  const allowed = door.allowed.value;
  useEffect(() => {
    let isHere = true;
    setAnswer(null);
    void elsewhere.server(details).then((told) => {
      if (isHere) setAnswer(told);
    });
    return () => {
      isHere = false;
    };
  }, [elsewhere, details, backends, allowed]);
  if (answer === null || answer.kind === 'none') return null;
  return (
    <section class="server-spans" aria-label="At the server">
      <h3>At the server</h3>
      {answer.kind === 'spans' && <Spans found={answer.found} elsewhere={elsewhere} details={details} />}
      {answer.kind === 'failed' && <p role="alert">{answer.message}</p>}
      {answer.kind === 'no-backend' && (
        <p class="quiet">
          The response names the server’s trace <span class="code">{answer.server.traceId}</span>. Connect a
          Jaeger in the settings to see its spans here.
        </p>
      )}
      {answer.kind === 'leave' && (
        <p>
          <button type="button" class="plain-button" onClick={() => void elsewhere.allow(answer.patterns)}>
            Allow asking {answer.patterns.map((pattern) => new URL(pattern).host).join(', ')}
          </button>
        </p>
      )}
    </section>
  );
}

const MOST_SPANS = 200;

function Spans({
  found: { spans, shift },
  elsewhere,
  details,
}: {
  readonly found: ServerSpans;
  readonly elsewhere: Elsewhere;
  readonly details: SliceDetails;
}) {
  if (spans.length === 0)
    return (
      <p class="quiet">Jaeger has no spans of this trace: they may not have arrived, or not be sampled.</p>
    );
  const hasClock = Math.abs(shift) > 0.001;
  return (
    <>
      <ol class="span-rows">
        {spans.slice(0, MOST_SPANS).map((span) => (
          <SpanRow key={span.spanId} span={span} elsewhere={elsewhere} details={details} />
        ))}
      </ol>
      {spans.length > MOST_SPANS && (
        <p class="quiet">and {countOf(spans.length - MOST_SPANS, 'more', 'more')}</p>
      )}
      {hasClock && (
        <p class="quiet">
          The server’s clock and this one do not agree: its spans are laid into the middle of the request (
          {formatExactDuration(Math.abs(shift) * 1000)} {shift > 0 ? 'later' : 'earlier'}). Their lengths are
          as measured.
        </p>
      )}
    </>
  );
}

interface SpanRowProps {
  readonly span: ServerSpan;
  readonly elsewhere: Elsewhere;
  readonly details: SliceDetails;
}

/** Its name below its parent's, and a bar in the width of the request. */
function SpanRow({ span, elsewhere, details }: SpanRowProps) {
  const { name, service, start, end, depth } = span;
  const total = Math.max(details.total, 1);
  const from = ((elsewhere.micros(start) - details.start) / total) * 100;
  const width = (((end - start) * 1000) / total) * 100;
  return (
    <li>
      <span class="span-name" style={{ paddingInlineStart: `${Math.min(depth, 12) * 12}px` }}>
        {name} <span class="quiet">{service}</span>
      </span>
      <span class="number">{formatExactDuration((end - start) * 1000)}</span>
      <span class="span-bar" aria-hidden="true">
        <i
          style={{
            insetInlineStart: `${Math.max(0, Math.min(100, from))}%`,
            width: `${Math.max(0.5, Math.min(100 - from, width))}%`,
          }}
        />
      </span>
    </li>
  );
}
