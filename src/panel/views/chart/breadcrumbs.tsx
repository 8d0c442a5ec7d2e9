/**
 * Where in the trace the overview is: the whole, and each part that was zoomed into. Nothing where it shows the whole and
 * nothing else was looked at. In: the overview's state. Out: the chosen breadcrumb.
 */
import { formatDuration } from '../../../flame/index.ts';
import type { OverviewState } from '../../state/chart/overview.ts';

export function Breadcrumbs({ overview }: { readonly overview: OverviewState }) {
  const crumbs = overview.crumbs.value;
  const active = overview.active.value;
  if (crumbs.length < 2) return null;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Backspace' || !overview.stepOut()) return;
    event.preventDefault();
  };
  return (
    <nav class="overview-crumbs" aria-label="Breadcrumbs of the overview" onKeyDown={onKeyDown}>
      <ol>
        {crumbs.map(({ start, end }, crumb) => (
          <li key={crumb}>
            <button
              type="button"
              class="number"
              aria-current={crumb === active ? 'true' : undefined}
              title={crumb === active ? 'The overview shows this' : 'Show this in the overview'}
              onClick={() => overview.goTo(crumb)}
            >
              {crumb === 0 ? `Whole trace, ${formatDuration(end - start)}` : formatDuration(end - start)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
