/**
 * The event log: a grid of the range's slices of which only those in sight are in the page. A row is selected in the
 * chart, too. Arrow keys, Home, End and page keys walk it.
 */
import { useEffect } from 'preact/hooks';
import type { Category } from '../../analysis/index.ts';
import { CATEGORIES } from '../../analysis/index.ts';
import { formatExactDuration } from '../../flame/index.ts';
import type { Aggregated } from '../state/aggregated.ts';
import type { EventFacts, EventLog, EventOrder } from '../state/event-log.ts';
import type { TextTable } from '../state/table-text.ts';
import { CATEGORY_NAMES } from '../words/categories.ts';
import { countOf, formatMillisExact } from '../words/format.ts';
import { FilterField } from './filter-field.tsx';
import { GRID_ROLES, keepGridFocus } from './grid-roles.ts';
import { ThreadChoice, WithinChoice } from './profile-bar.tsx';
import { SourceLink } from './source-link.tsx';
import { TableMenu } from './table-menu.tsx';
import { MOST_ROWS, useVirtualRows } from './virtual-rows.ts';

/** Microseconds. */
const LEAST_CHOICES = [0, 1_000, 5_000, 15_000, 50_000];

const TIME_COLUMNS = ['start', 'self', 'total'];

/** Those that slices of threads have. */
const LISTED: readonly Category[] = CATEGORIES.filter((each) => each !== 'idle' && each !== 'async');

export function EventLogPane({ aggregated }: { readonly aggregated: Aggregated }) {
  const { events, profile } = aggregated;
  useEffect(() => events.follow(), [events]);
  return (
    <div class="view-pane">
      <div class="view-bar">
        <ThreadChoice profile={profile} />
        <select
          class="choice"
          aria-label="Least duration"
          value={events.least.value}
          onChange={(event) => {
            events.least.value = Number(event.currentTarget.value);
          }}
        >
          {LEAST_CHOICES.map((least) => (
            <option key={least} value={least}>
              {least === 0 ? 'Any duration' : `At least ${formatExactDuration(least)}`}
            </option>
          ))}
        </select>
        <FilterField text={events.text} label="Filter the events" />
        <WithinChoice profile={profile} />
        <TableMenu
          id="copy-events"
          aggregated={aggregated}
          name="event-log"
          makeTable={() => tableOfEvents(aggregated)}
        />
        <CategoryChoices events={events} />
      </div>
      <EventGrid aggregated={aggregated} />
    </div>
  );
}

/** Rows that a copy holds: more is more than a spreadsheet takes. */
const MOST_COPIED = 100_000;

function tableOfEvents({ events, origin }: Aggregated): TextTable {
  const count = Math.min(events.slices.peek()?.length ?? 0, MOST_COPIED);
  const millis = (micros: number): string => formatMillisExact(micros / 1_000).replace(/\s/g, '');
  const rows = Array.from({ length: count }, (_, row) => events.factsOf(row)).flatMap((facts) => {
    if (facts === null) return [];
    const { text, source, category, start, total, self } = facts;
    const place = source === null ? '' : `${source.url}:${source.line}:${source.column}`;
    return [[millis(start - origin), millis(self), millis(total), CATEGORY_NAMES[category], text, place]];
  });
  return {
    head: ['Start, ms', 'Self, ms', 'Total, ms', 'Category', 'Activity', 'Source'],
    numbers: [true, true, true, false, false, false],
    rows,
  };
}

function CategoryChoices({ events }: { readonly events: EventLog }) {
  const chosen = events.categories.value ?? LISTED;
  return (
    <fieldset class="category-choices">
      <legend class="for-readers">Categories</legend>
      {LISTED.map((category) => (
        <label key={category} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(category)}
            onChange={(event) => {
              const next = event.currentTarget.checked
                ? [...chosen, category]
                : chosen.filter((each) => each !== category);
              events.categories.value = next.length === LISTED.length ? null : next;
            }}
          />
          <i class="swatch" data-category={category} />
          {CATEGORY_NAMES[category]}
        </label>
      ))}
    </fieldset>
  );
}

function EventGrid({ aggregated }: { readonly aggregated: Aggregated }) {
  const { events } = aggregated;
  const slices = events.slices.value;
  const count = slices?.length ?? 0;
  const shown = Math.min(count, MOST_ROWS);
  const active = events.active.value < shown ? events.active.value : -1;
  const { scroller, items, height, pageRows } = useVirtualRows(shown, active);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !events.press(event.key, pageRows())) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const grid = {
    ...GRID_ROLES.grid,
    'aria-label': 'Event log',
    'aria-rowcount': count + 1,
    'aria-activedescendant': active < 0 ? undefined : `event-${active}`,
    onKeyDown,
    onMouseDown: keepGridFocus,
  };
  return (
    <>
      <div class="grid events" {...grid}>
        <div class="grid-head" {...{ ...GRID_ROLES.row, 'aria-rowindex': 1 }}>
          <OrderHead events={events} order="start" name="Start, ms" />
          <OrderHead events={events} order="self" name="Self, ms" />
          <OrderHead events={events} order="total" name="Total, ms" />
          <span {...GRID_ROLES.head} class="name-cell">
            Activity
          </span>
          <span {...GRID_ROLES.head} class="source-cell">
            Source
          </span>
        </div>
        {count === 0 ? (
          <div class="grid-empty quiet" {...GRID_ROLES.row}>
            <span {...GRID_ROLES.cell}>
              {slices === null
                ? 'Listing…'
                : 'No slice of this range is like that. Take a filter away, or another range.'}
            </span>
          </div>
        ) : (
          <div ref={scroller} class="grid-scroller" {...GRID_ROLES.rows}>
            <div class="grid-sizer" {...GRID_ROLES.sizer} style={{ height: `${height}px` }}>
              {items.map(({ index, start }) => (
                <EventRow
                  key={index}
                  aggregated={aggregated}
                  row={index}
                  top={start}
                  isActive={index === active}
                />
              ))}
            </div>
          </div>
        )}
      </div>
      <p class="foot quiet" role="status">
        {countOf(count, 'slice')}
        {shown < count &&
          `; the first ${countOf(shown, 'one')} are listed: choose a shorter range for the others`}
      </p>
    </>
  );
}

interface OrderHeadProps {
  readonly events: EventLog;
  readonly order: EventOrder;
  readonly name: string;
}

function OrderHead({ events, order, name }: OrderHeadProps) {
  const isSorted = events.order.value === order;
  const direction: 'ascending' | 'descending' = order === 'start' ? 'ascending' : 'descending';
  return (
    <span {...{ ...GRID_ROLES.head, 'aria-sort': isSorted ? direction : 'none' }} class="number">
      <button
        type="button"
        tabIndex={-1}
        onClick={() => {
          events.order.value = order;
        }}
      >
        {name}
        {isSorted && <span aria-hidden="true">{order === 'start' ? ' ▴' : ' ▾'}</span>}
      </button>
    </span>
  );
}

interface EventRowProps {
  readonly aggregated: Aggregated;
  readonly row: number;
  readonly top: number;
  readonly isActive: boolean;
}

function EventRow({ aggregated, row, top, isActive }: EventRowProps) {
  const { events } = aggregated;
  const facts = events.factsOf(row);
  return (
    <div
      id={`event-${row}`}
      class={isActive ? 'grid-row active' : 'grid-row'}
      style={{ transform: `translateY(${top}px)` }}
      {...{
        ...GRID_ROLES.row,
        'aria-rowindex': row + 2,
        'aria-selected': isActive,
        onClick: () => events.activate(row),
      }}
    >
      {facts === null ? (
        <span {...GRID_ROLES.cell} class="hidden-row quiet">
          Hidden in the chart
        </span>
      ) : (
        <EventCells aggregated={aggregated} facts={facts} />
      )}
    </div>
  );
}

function EventCells({ aggregated, facts }: { readonly aggregated: Aggregated; readonly facts: EventFacts }) {
  const { origin } = aggregated;
  const { text, source, category, start, total, self } = facts;
  return (
    <>
      {[start - origin, self, total].map((micros, column) => (
        <span key={TIME_COLUMNS[column]} {...GRID_ROLES.cell} class="number">
          {formatMillisExact(micros / 1_000)}
        </span>
      ))}
      <span {...GRID_ROLES.cell} class="name-cell">
        <i class="swatch" data-category={category} />
        <span class="row-name" title={text}>
          {text}
        </span>
      </span>
      <span {...GRID_ROLES.cell} class="source-cell code">
        {source !== null && source.url !== '' && (
          <SourceLink source={source} onOpen={() => aggregated.openSource({ ...source, name: text })} />
        )}
      </span>
    </>
  );
}
