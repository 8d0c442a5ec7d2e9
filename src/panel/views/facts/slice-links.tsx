/**
 * Who caused the selected slice, and what it caused: each a way to go there.
 * In: the slice's details. Out: nothing where the trace tells of neither.
 */
import type { LinkKind } from '../../../analysis/index.ts';
import type { SliceDetails, SliceLink } from '../../../engine/client.ts';
import { formatCount, formatExactDuration } from '../../../flame/index.ts';
import type { TraceView } from '../../state/trace-view.ts';

const KIND_NAMES: Readonly<Record<LinkKind, string>> = {
  timer: 'timer',
  'animation-frame': 'animation frame',
  'idle-callback': 'idle callback',
  message: 'message',
  'post-task': 'scheduled task',
  'web-socket': 'WebSocket',
  style: 'style change',
  layout: 'layout change',
  script: 'sent in',
  request: 'asked for by',
  flow: 'flow',
};

interface SliceLinksProps {
  readonly view: TraceView;
  readonly details: SliceDetails;
}

export function SliceLinks({ view, details }: SliceLinksProps) {
  const { initiators, initiatorsOf, initiated, initiatedLeftOut } = details;
  const by = initiatorsOf === null ? 'Initiated by' : `${initiatorsOf.text}, around it, was initiated by`;
  return (
    <>
      <Links title={by} view={view} details={details} links={initiators} leftOut={0} />
      <Links title="Initiates" view={view} details={details} links={initiated} leftOut={initiatedLeftOut} />
    </>
  );
}

interface LinksProps extends SliceLinksProps {
  readonly title: string;
  readonly links: readonly SliceLink[];
  readonly leftOut: number;
}

function Links({ title, view, details, links, leftOut }: LinksProps) {
  if (links.length === 0) return null;
  return (
    <section class="links" aria-label={title}>
      <h3 class="quiet">{title}</h3>
      <ul>
        {links.map((link, index) => (
          <li key={`${index} ${link.slice}`}>
            <i class="swatch" data-category={link.category} />
            <button
              type="button"
              class="link-button"
              onClick={() => {
                view.selection.value = link.slice;
              }}
            >
              {link.text}
            </button>{' '}
            <span class="quiet">{wordsOf(link, details, view)}</span>
          </li>
        ))}
      </ul>
      {leftOut > 0 && <p class="quiet">and {formatCount(leftOut)} more</p>}
    </section>
  );
}

/** `Install timer, 12.4 ms before, on Worker 1`. */
function wordsOf(
  { kind, event, text, time, thread, onThread }: SliceLink,
  details: SliceDetails,
  view: TraceView,
): string {
  const distance = time - details.start;
  const when = `${formatExactDuration(Math.abs(distance))} ${distance < 0 ? 'before' : 'later'}`;
  const isElsewhere = onThread && details.onThread && thread !== details.thread;
  const other = isElsewhere ? view.opened.threads.find((one) => one.thread === thread)?.title : undefined;
  const what = event === text ? KIND_NAMES[kind] : event;
  return [what, when, ...(other === undefined ? [] : [`on ${other}`])].join(', ');
}
