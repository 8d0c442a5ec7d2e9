/**
 * The event log: a grid of the range's slices of which only those in sight are in the page, in groups where they are
 * wanted. A row is selected in the chart, too. Arrow keys, Home, End and page keys walk it, Left and Right close and open
 * groups.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Category } from '../../../analysis/index.ts';
import { CATEGORIES } from '../../../analysis/index.ts';
import type { EventGrouping } from '../../../engine/client.ts';
import { formatExactDuration } from '../../../flame/index.ts';
import type { Aggregated } from '../../state/profile/aggregated.ts';
import type { EventFacts, EventLog, EventOrder } from '../../state/profile/event-log.ts';
import type { EventGroup, EventRow } from '../../state/profile/event-rows.ts';
import { MOST_COPIED, type TextTable } from '../../state/profile/table-text.ts';
import { CATEGORY_NAMES } from '../../words/categories.ts';
import { countOf, formatMillisExact } from '../../words/format.ts';
import { AskingLine } from '../parts/asking-line.tsx';
import { Choices } from '../parts/choices.tsx';
import { FilterField } from '../parts/filter-field.tsx';
import { GRID_ROLES, isForRows, keepGridFocus } from '../parts/grid-roles.ts';
import { SortHead } from '../parts/sort-head.tsx';
import { TableMenu } from '../parts/table-menu.tsx';
import { MOST_ROWS, useVirtualRows } from '../parts/virtual-rows.ts';
import { SourceLink } from '../source/source-link.tsx';
import { GROUPINGS } from './groupings.ts';
import { ThreadChoice, WithinChoice } from './profile-bar.tsx';

/** Microseconds. */
const LEAST_CHOICES = [0, 1_000, 5_000, 15_000, 50_000];

const TIME_COLUMNS = ['start', 'self', 'total'];

const GROUPS: readonly { readonly id: EventGrouping; readonly name: string }[] = [
  { id: 'none', name: 'No groups' },
  { id: 'activity', name: 'Group by activity' },
  ...GROUPINGS,
];

/** CSS pixels of what is in a group. */
const INDENT = 12;

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
        <Choices
          label="Group"
          choices={GROUPS}
          chosen={events.group.value}
          onChoose={(group) => {
            events.group.value = group;
          }}
        />
        <FilterField text={events.text} label="Filter the events" />
        <WithinChoice profile={profile} />
        <TableMenu
          id="copy-events"
          door={aggregated}
          name="event-log"
          makeTable={() => tableOfEvents(aggregated)}
        />
        <CategoryChoices events={events} />
      </div>
      <AskingLine asking={events.asking} working="Listing…" />
      <EventGrid aggregated={aggregated} />
    </div>
  );
}

/** As the grid has it: what is in a group that is closed is not in it. */
function tableOfEvents({ events, origin }: Aggregated): TextTable {
  const listed = events.rows.peek();
  const count = Math.min(listed?.length ?? 0, MOST_COPIED);
  const millis = (micros: number): string => formatMillisExact(micros / 1_000).replace(/\s/g, '');
  const rows: string[][] = [];
  for (let at = 0; listed !== null && at < count; at++) {
    const row = listed.at(at);
    if (row.kind === 'group') {
      rows.push(['', millis(row.group.self), '', '', nameGroup(row.group), '']);
      continue;
    }
    const facts = events.factsOf(row.slice);
    if (facts === null) continue;
    const { text, source, category, start, total, self } = facts;
    const place = source === null ? '' : `${source.url}:${source.line}:${source.column}`;
    const indent = '  '.repeat(row.depth);
    rows.push([
      millis(start - origin),
      millis(self),
      millis(total),
      CATEGORY_NAMES[category],
      `${indent}${text}`,
      place,
    ]);
  }
  return {
    head: ['Start, ms', 'Self, ms', 'Total, ms', 'Category', 'Activity', 'Source'],
    numbers: [true, true, true, false, false, false],
    rows,
    leftOut: (listed?.length ?? 0) - count,
  };
}

/** Narrower windows have them folded: rows are what is looked at. */
const UNFOLDED_FROM = 600;

function CategoryChoices({ events }: { readonly events: EventLog }) {
  const chosen = events.categories.value ?? LISTED;
  const isOpen = useSignal(innerWidth >= UNFOLDED_FROM);
  const told = chosen.length === LISTED.length ? 'all' : `${chosen.length} of ${LISTED.length}`;
  return (
    <>
      <button
        type="button"
        class="tool"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.peek();
        }}
      >
        Categories: {told}
      </button>
      {isOpen.value && <CategoryChecks events={events} chosen={chosen} />}
    </>
  );
}

interface CategoryChecksProps {
  readonly events: EventLog;
  readonly chosen: readonly Category[];
}

function CategoryChecks({ events, chosen }: CategoryChecksProps) {
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
  const rows = events.rows.value;
  const count = rows?.length ?? 0;
  const shown = Math.min(count, MOST_ROWS);
  const isGrouped = events.group.value !== 'none';
  const active = events.active.value < shown ? events.active.value : -1;
  const { scroller, items, height, pageRows } = useVirtualRows(shown, active);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isForRows(event) || !events.press(event.key, pageRows())) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const grid = {
    ...(isGrouped ? GRID_ROLES.treegrid : GRID_ROLES.grid),
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
          <OrderHead events={events} order="name" name="Activity" kind="name-cell" />
          <OrderHead events={events} order="source" name="Source" kind="source-cell" />
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
              {rows !== null &&
                items.map(({ index, start }) => (
                  <Row
                    key={index}
                    aggregated={aggregated}
                    row={rows.at(index)}
                    place={{ index, top: start, isActive: index === active }}
                  />
                ))}
            </div>
          </div>
        )}
      </div>
      <p class="foot quiet" role="status">
        {countOf(slices?.length ?? 0, 'slice')}
        {rows !== null && isGrouped && ` in ${countOf(rows.groupCount, 'group')}`}
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
  readonly kind?: 'number' | 'name-cell' | 'source-cell';
}

function OrderHead({ events, order, name, kind = 'number' }: OrderHeadProps) {
  const { by, reversed } = events.sort.value;
  const isSorted = by === order;
  // Times other than the start stand largest first.
  const descends = (order === 'self' || order === 'total') !== reversed;
  const direction = !isSorted ? null : descends ? 'descending' : 'ascending';
  return <SortHead name={name} kind={kind} direction={direction} onSort={() => events.sortBy(order)} />;
}

interface RowProps {
  readonly aggregated: Aggregated;
  readonly row: EventRow;
  readonly place: { readonly index: number; readonly top: number; readonly isActive: boolean };
}

function Row({ aggregated, row, place: { index, top, isActive } }: RowProps) {
  const { events } = aggregated;
  const isGrouped = events.group.value !== 'none';
  return (
    <div
      id={`event-${index}`}
      class={isActive ? 'grid-row active' : 'grid-row'}
      style={{ transform: `translateY(${top}px)` }}
      {...{
        ...GRID_ROLES.row,
        'aria-rowindex': index + 2,
        'aria-selected': isActive,
        'aria-level': isGrouped ? (row.kind === 'group' ? 1 : 2) : undefined,
        'aria-expanded': row.kind === 'group' ? row.group.isOpen : undefined,
        onClick: () => events.activate(index),
      }}
    >
      {row.kind === 'group' ? (
        <GroupCells events={events} group={row.group} index={index} />
      ) : (
        <SliceCells aggregated={aggregated} facts={events.factsOf(row.slice)} depth={row.depth} />
      )}
    </div>
  );
}

interface GroupCellsProps {
  readonly events: EventLog;
  readonly group: EventGroup;
  readonly index: number;
}

function GroupCells({ events, group, index }: GroupCellsProps) {
  const { name, category } = group;
  return (
    <>
      <span {...GRID_ROLES.cell} class="number" />
      <span {...GRID_ROLES.cell} class="number">
        {formatMillisExact(group.self / 1_000)}
      </span>
      <span {...GRID_ROLES.cell} class="number" />
      <span {...GRID_ROLES.cell} class="name-cell">
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          class="twist"
          data-open={group.isOpen}
          onClick={(event) => {
            event.stopPropagation();
            events.activate(index);
            events.setOpen(index, !group.isOpen);
          }}
        />
        {category !== null && <i class="swatch" data-category={category} />}
        <span class="row-name" title={name}>
          {nameGroup(group)}
        </span>
      </span>
      <span {...GRID_ROLES.cell} class="source-cell" />
    </>
  );
}

/** `Scripting, 12 slices` */
const nameGroup = ({ name, count }: EventGroup): string => `${name}, ${countOf(count, 'slice')}`;

interface SliceCellsProps {
  readonly aggregated: Aggregated;
  /** null where it is hidden in the chart. */
  readonly facts: EventFacts | null;
  readonly depth: number;
}

function SliceCells({ aggregated, facts, depth }: SliceCellsProps) {
  if (facts === null)
    return (
      <span {...GRID_ROLES.cell} class="hidden-row quiet">
        Hidden in the chart
      </span>
    );
  const { origin } = aggregated;
  const { text, source, category, start, total, self } = facts;
  return (
    <>
      {[start - origin, self, total].map((micros, column) => (
        <span key={TIME_COLUMNS[column]} {...GRID_ROLES.cell} class="number">
          {formatMillisExact(micros / 1_000)}
        </span>
      ))}
      <span {...GRID_ROLES.cell} class="name-cell" style={{ paddingLeft: `${depth * INDENT}px` }}>
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
