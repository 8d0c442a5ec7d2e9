/**
 * The pages under the chart: what is selected (or the range), the page with its vitals and milestones, and the
 * quality notes. Tabs as ARIA describes them: arrow keys walk them.
 */
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Recording } from '../../recording/index.ts';
import type { Quality } from '../state/quality.ts';
import type { TraceView } from '../state/trace-view.ts';
import { PagePane } from './page-pane.tsx';
import { QualityPane } from './quality-pane.tsx';
import { SummaryPane } from './summary-pane.tsx';

export type DetailsTab = 'summary' | 'page' | 'quality';

const TABS: readonly { readonly id: DetailsTab; readonly name: string }[] = [
  { id: 'summary', name: 'Summary' },
  { id: 'page', name: 'Page' },
  { id: 'quality', name: 'Quality' },
];

interface DetailsProps {
  readonly view: TraceView;
  readonly recording: Recording | null;
  readonly quality: Quality;
  readonly tab: Signal<DetailsTab>;
}

export function Details({ view, recording, quality, tab }: DetailsProps) {
  const here = tab.value;
  const panes: Readonly<Record<DetailsTab, () => ComponentChildren>> = {
    summary: () => <SummaryPane view={view} />,
    page: () => <PagePane recording={recording} opened={view.opened} origin={view.origin} />,
    quality: () => <QualityPane quality={quality} recording={recording} />,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || event.altKey) return;
    event.preventDefault();
    const index = TABS.findIndex(({ id }) => id === here);
    const next = TABS[(index + step + TABS.length) % TABS.length];
    tab.value = next.id;
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <section class="details" aria-label="Details">
      <div class="tabs" role="tablist" aria-label="Details" onKeyDown={onKeyDown}>
        {TABS.map(({ id, name }) => (
          <button
            type="button"
            key={id}
            id={`tab-${id}`}
            role="tab"
            class="tab"
            aria-selected={id === here}
            aria-controls="details-pane"
            tabIndex={id === here ? 0 : -1}
            onClick={() => {
              tab.value = id;
            }}
          >
            {name}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable to scroll it by keys. */}
      <div id="details-pane" class="pane" role="tabpanel" aria-labelledby={`tab-${here}`} tabIndex={0}>
        {panes[here]()}
      </div>
    </section>
  );
}
