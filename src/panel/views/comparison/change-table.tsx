/**
 * What changed as a table of functions: a grid of which only the rows in sight are in the page, the largest change
 * first. Arrow keys, Home, End and page keys walk it; Enter shows the function in the flame graph.
 */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FunctionChanges } from '../../../engine/client.ts';
import { CHANGE_STEPS, changeStep } from '../../../flame/index.ts';
import type { CompareBy } from '../../../profile/index.ts';
import type { App } from '../../state/app.ts';
import type { ChangeList, ListedChanges } from '../../state/comparison/change-list.ts';
import {
  type ChangeKind,
  type ChangeRow,
  type ChangeSort,
  functionOfChange,
  scalesOf,
} from '../../state/comparison/change-rows.ts';
import type { ComparisonView } from '../../state/comparison/comparison-view.ts';
import { MOST_COPIED, type TextTable } from '../../state/profile/table-text.ts';
import { createTextDoor } from '../../state/profile/text-door.ts';
import { tellPoints } from '../../words/changes.ts';
import { countOf, formatShare } from '../../words/format.ts';
import { describeAddress, describeSource } from '../../words/places.ts';
import { formatWeight, tellChange, weightHead } from '../../words/weights.ts';
import { AskingLine } from '../parts/asking-line.tsx';
import { FilterField } from '../parts/filter-field.tsx';
import { GRID_ROLES, isForRows, keepGridFocus } from '../parts/grid-roles.ts';
import { ListingLine } from '../parts/listing-line.tsx';
import { SortHead } from '../parts/sort-head.tsx';
import { TableMenu } from '../parts/table-menu.tsx';
import { useVirtualRows } from '../parts/virtual-rows.ts';

interface ChangeTableProps {
  readonly app: App;
  readonly view: ComparisonView;
  /** Shows the flame graph, where the function is selected. */
  readonly onShow: () => void;
}

const KINDS: readonly { readonly id: ChangeKind; readonly name: string }[] = [
  { id: 'all', name: 'All functions' },
  { id: 'more', name: 'Took more' },
  { id: 'less', name: 'Took less' },
  { id: 'new', name: 'New' },
  { id: 'gone', name: 'Gone' },
];

export function ChangeTable({ app, view, onShow }: ChangeTableProps) {
  const { changes } = view;
  const said = useSignal('');
  useEffect(() => view.followFunctions(), [view]);
  useEffect(() => changes.follow(), [changes]);
  const listed = changes.listed.value;
  return (
    <div class="view-pane">
      <div class="view-bar">
        <KindChoice kind={changes.kind} />
        <FilterField text={changes.text} label="Filter the table" />
        <span class="quiet" role="status">
          {listed !== null && countOf(listed.rows.length, 'function')}
        </span>
        {listed !== null && (
          <TableMenu
            id="copy-changes"
            door={createTextDoor(app.outside, said)}
            name="changes"
            makeTable={() => tableOf(listed)}
          />
        )}
      </div>
      <AskingLine asking={view.functionsAsking} working="Comparing…" />
      <ListingLine isListing={changes.isListing} onCancel={changes.cancel} />
      {listed === null ? (
        <p class="graph-empty quiet">Comparing…</p>
      ) : (
        <ChangeGrid view={view} listed={listed} onShow={onShow} />
      )}
      <p class="said" role="status">
        {said}
      </p>
    </div>
  );
}

function KindChoice({ kind }: { readonly kind: Signal<ChangeKind> }) {
  return (
    <select
      class="choice"
      aria-label="Kind of change"
      value={kind.value}
      onChange={(event) => {
        const chosen = KINDS.find(({ id }) => id === event.currentTarget.value);
        if (chosen !== undefined) kind.value = chosen.id;
      }}
    >
      {KINDS.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** All figures, also those that a narrow table has no room for. */
function tableOf({ answer, rows, options: { by } }: ListedChanges): TextTable {
  const unit = weightHead(answer.unit);
  const weigh = (weight: number): string => formatWeight(weight, answer.unit);
  return {
    head: [
      'Change of self',
      'Change of total',
      `Self before, ${unit}`,
      `Self after, ${unit}`,
      `Total before, ${unit}`,
      `Total after, ${unit}`,
      'Function',
      'Source',
    ],
    numbers: [true, true, true, true, true, true, false, false],
    rows: rows.slice(0, MOST_COPIED).map(({ row, self, total, name, kind }) => {
      const { url, line, column } = functionOfChange(answer, row);
      return [
        tellDeltaOf(self, answer, by),
        tellDeltaOf(total, answer, by),
        weigh(answer.self.before[row]),
        weigh(answer.self.after[row]),
        weigh(answer.total.before[row]),
        weigh(answer.total.after[row]),
        kind === 'both' ? name : `${name} (${kind})`,
        describeAddress({ url, line, column }),
      ];
    }),
    leftOut: Math.max(0, rows.length - MOST_COPIED),
  };
}

const tellDeltaOf = (delta: number, { unit }: FunctionChanges, by: CompareBy): string =>
  by === 'share' ? tellPoints(delta) : tellChange(delta, unit);

interface ChangeGridProps {
  readonly view: ComparisonView;
  readonly listed: ListedChanges;
  readonly onShow: () => void;
}

function ChangeGrid({ view, listed, onShow }: ChangeGridProps) {
  const { answer, rows } = listed;
  const { changes } = view;
  const activeRow = changes.active.value;
  const active = activeRow < 0 ? -1 : rows.findIndex(({ row }) => row === activeRow);
  const { scroller, items, height, pageRows } = useVirtualRows(rows.length, active);
  const go = (to: number): void => {
    changes.active.value = rows[Math.max(0, Math.min(rows.length - 1, to))]?.row ?? -1;
  };
  const show = (row: ChangeRow | undefined): void => {
    if (row === undefined) return;
    selectFunction(view, answer, row);
    onShow();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isForRows(event)) return;
    const goal = goalOfKey(event.key, { active, last: rows.length - 1, page: pageRows() });
    if (event.key === 'Enter') show(rows[active]);
    else if (goal !== null) go(goal);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const grid = {
    ...GRID_ROLES.grid,
    'aria-label': 'Changes by function',
    'aria-rowcount': rows.length + 1,
    'aria-activedescendant': active < 0 ? undefined : `change-${active}`,
    onKeyDown,
    onMouseDown: keepGridFocus,
  };
  return (
    <div class="grid changes" {...grid}>
      <GridHead changes={changes} listed={listed} />
      {rows.length === 0 ? (
        <div class="grid-empty quiet" {...GRID_ROLES.row}>
          <span {...GRID_ROLES.cell}>{tellEmpty(listed)}</span>
        </div>
      ) : (
        <div ref={scroller} class="grid-scroller" {...GRID_ROLES.rows}>
          <div class="grid-sizer" {...GRID_ROLES.sizer} style={{ height: `${height}px` }}>
            {items.map(({ index, start }) => (
              <Row
                key={rows[index].row}
                place={{ index, top: start, isActive: index === active }}
                listed={listed}
                change={rows[index]}
                onActivate={() => go(index)}
                onShow={() => show(rows[index])}
              />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

function tellEmpty({ answer, options: { text } }: ListedChanges): string {
  if (answer.length === 0) return 'Nothing ran on either side in these ranges, or a transform left nothing.';
  return text.trim() === '' ? 'No function is of that kind.' : 'No function has that in its name or address.';
}

interface GridPlace {
  readonly active: number;
  readonly last: number;
  /** Rows that are seen at once. */
  readonly page: number;
}

/** The row that a key goes to; null where it goes nowhere. */
function goalOfKey(key: string, { active, last, page }: GridPlace): number | null {
  const goals: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: last,
  };
  return Object.hasOwn(goals, key) ? goals[key] : null;
}

interface GridHeadProps {
  readonly changes: ChangeList;
  readonly listed: ListedChanges;
}

const COLUMNS: readonly { readonly by: ChangeSort; readonly name: string; readonly kind: string }[] = [
  { by: 'self', name: 'Change of self', kind: 'number' },
  { by: 'total', name: 'Change of total', kind: 'number middle-cell wide-cell' },
  { by: 'before', name: 'Self before', kind: 'number middle-cell' },
  { by: 'after', name: 'Self after', kind: 'number middle-cell' },
  { by: 'total-before', name: 'Total before', kind: 'number wide-cell' },
  { by: 'total-after', name: 'Total after', kind: 'number wide-cell' },
  { by: 'name', name: 'Function', kind: 'name-cell' },
  { by: 'source', name: 'Source', kind: 'source-cell wide-cell' },
];

function GridHead({ changes, listed: { answer, options } }: GridHeadProps) {
  const { by: sorted, reversed } = changes.sort.value;
  const unit = options.by === 'share' ? '%' : weightHead(answer.unit);
  return (
    <div class="grid-head" {...{ ...GRID_ROLES.row, 'aria-rowindex': 1 }}>
      {COLUMNS.map(({ by, name, kind }) => {
        const isText = by === 'name' || by === 'source';
        const isFigure = !isText && by !== 'self' && by !== 'total';
        return (
          <SortHead
            key={by}
            name={isFigure ? `${name}, ${unit}` : name}
            kind={kind}
            direction={sorted !== by ? null : isText === reversed ? 'descending' : 'ascending'}
            onSort={() => changes.sortBy(by)}
          />
        );
      })}
    </div>
  );
}

interface RowProps {
  readonly place: { readonly index: number; readonly top: number; readonly isActive: boolean };
  readonly listed: ListedChanges;
  readonly change: ChangeRow;
  readonly onActivate: () => void;
  readonly onShow: () => void;
}

function Row({ place, listed: { answer, options }, change, onActivate, onShow }: RowProps) {
  const { row, name, kind, self, total } = change;
  const { url, line, column } = functionOfChange(answer, row);
  const { by } = options;
  const scales = scalesOf(answer, by);
  const step = changeStep(
    answer.self.before[row] * scales.before,
    answer.self.after[row] * scales.after,
    Math.max(answer.weights.before * scales.before, answer.weights.after * scales.after),
  );
  const weigh = (weight: number, side: 'before' | 'after'): string =>
    by === 'share' ? formatShare(weight, answer.weights[side]) : formatWeight(weight, answer.unit);
  return (
    <div
      id={`change-${place.index}`}
      class={place.isActive ? 'grid-row active' : 'grid-row'}
      style={{ transform: `translateY(${place.top}px)` }}
      {...{
        ...GRID_ROLES.row,
        'aria-rowindex': place.index + 2,
        'aria-selected': place.isActive,
        onClick: onActivate,
        onDblClick: onShow,
      }}
    >
      <span {...GRID_ROLES.cell} class="number delta">
        {tellDeltaOf(self, answer, by)}
        <i style={{ background: `var(--change-${step + CHANGE_STEPS})` }} />
      </span>
      <span {...GRID_ROLES.cell} class="number middle-cell wide-cell">
        {tellDeltaOf(total, answer, by)}
      </span>
      <span {...GRID_ROLES.cell} class="number middle-cell">
        {weigh(answer.self.before[row], 'before')}
      </span>
      <span {...GRID_ROLES.cell} class="number middle-cell">
        {weigh(answer.self.after[row], 'after')}
      </span>
      <span {...GRID_ROLES.cell} class="number wide-cell">
        {weigh(answer.total.before[row], 'before')}
      </span>
      <span {...GRID_ROLES.cell} class="number wide-cell">
        {weigh(answer.total.after[row], 'after')}
      </span>
      <span {...GRID_ROLES.cell} class="name-cell">
        <span class="row-name" title={name}>
          {name}
        </span>
        {kind !== 'both' && <span class="badge">{kind}</span>}
      </span>
      <span {...GRID_ROLES.cell} class="source-cell code wide-cell" title={url}>
        {url === '' ? '' : describeSource({ url, line, column })}
      </span>
    </div>
  );
}

/** The widest box of the function; as wide as the side that has it. */
function selectFunction(view: ComparisonView, answer: FunctionChanges, { row, kind }: ChangeRow): void {
  const wanted = functionOfChange(answer, row);
  if (kind !== 'both') view.wide.value = kind === 'gone' ? 'before' : 'after';
  view.wanted.value = wanted;
}
