/**
 * What changed as a table of functions: a grid of which only the rows in sight are in the page, the largest change
 * first. Arrow keys, Home, End and page keys walk it; Enter shows the function in the flame graph.
 */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FunctionChanges } from '../../../engine/client.ts';
import { CHANGE_STEPS, changeStep } from '../../../flame/index.ts';
import { describeSource } from '../../canvas/paint/box-words.ts';
import type { App } from '../../state/app.ts';
import {
  type ChangeKind,
  type ChangeOptions,
  type ChangeRow,
  type ChangeSort,
  functionOfChange,
  listChanges,
  scalesOf,
} from '../../state/comparison/change-rows.ts';
import type { ComparisonView } from '../../state/comparison/comparison-view.ts';
import { workInTurns } from '../../state/in-turns.ts';
import { writeTable } from '../../state/profile/table-text.ts';
import { tellPoints } from '../../words/changes.ts';
import { countOf, formatShare } from '../../words/format.ts';
import { formatWeight, tellChange, weightHead } from '../../words/weights.ts';
import { AskingLine } from '../parts/asking-line.tsx';
import { GRID_ROLES, keepGridFocus } from '../parts/grid-roles.ts';
import { useVirtualRows } from '../parts/virtual-rows.ts';

interface ChangeTableProps {
  readonly app: App;
  readonly view: ComparisonView;
  /** Shows the flame graph, where the function is selected. */
  readonly onShow: () => void;
}

interface ListedAsk {
  readonly answer: FunctionChanges;
  readonly options: ChangeOptions;
}

interface Listed extends ListedAsk {
  readonly rows: readonly ChangeRow[];
}

const KINDS: readonly { readonly id: ChangeKind; readonly name: string }[] = [
  { id: 'all', name: 'All functions' },
  { id: 'more', name: 'Took more' },
  { id: 'less', name: 'Took less' },
  { id: 'new', name: 'New' },
  { id: 'gone', name: 'Gone' },
];

export function ChangeTable({ app, view, onShow }: ChangeTableProps) {
  const kind = useSignal<ChangeKind>('all');
  const text = useSignal('');
  const sort = useSignal<{ readonly by: ChangeSort; readonly reversed: boolean }>({
    by: 'self',
    reversed: false,
  });
  useEffect(() => view.followFunctions(), [view]);
  const { listed, isListing } = useListed(view, { kind, text, sort });
  const { answer = null, rows = [] } = listed.value ?? {};
  const by = listed.value?.options.by ?? view.by.value;
  return (
    <div class="view-pane">
      <div class="view-bar">
        <KindChoice kind={kind} />
        <input
          type="search"
          class="search-text filter"
          aria-label="Filter the table"
          placeholder="Filter"
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        <span class="quiet" role="status">
          {isListing.value ? 'Putting them in order…' : countOf(rows.length, 'function')}
        </span>
        {answer !== null && (
          <button
            type="button"
            class="tool"
            title="Copy the rows as Markdown"
            onClick={() => void app.outside.copy(writeTable(tableOf(answer, rows, by), 'markdown'))}
          >
            Copy
          </button>
        )}
      </div>
      <AskingLine asking={view.functionsAsking} working="Comparing…" />
      {answer === null ? (
        <p class="graph-empty quiet">Comparing…</p>
      ) : (
        <ChangeGrid view={view} answer={answer} rows={rows} sort={sort} onShow={onShow} />
      )}
    </div>
  );
}

interface Choices {
  readonly kind: Signal<ChangeKind>;
  readonly text: Signal<string>;
  readonly sort: Signal<{ readonly by: ChangeSort; readonly reversed: boolean }>;
}

/** The rows, and what they were asked with. */
function useListed(view: ComparisonView, { kind, text, sort }: Choices) {
  const listed = useSignal<Listed | null>(null);
  const isListing = useSignal(false);
  useEffect(() => {
    const { end } = workInTurns<ListedAsk, Listed>({
      ask: () => {
        const answer = view.functions.value;
        const { by: order, reversed } = sort.value;
        const [by, ofKind, wanted] = [view.by.value, kind.value, text.value];
        const options = { by, kind: ofKind, text: wanted, sort: order, reversed };
        return answer === null ? null : { answer, options };
      },
      steps: function* (ask) {
        return { ...ask, rows: yield* listChanges(ask.answer, ask.options) };
      },
      onDone: (next) => {
        listed.value = next;
      },
      isLong: isListing,
    });
    return end;
  }, [view, kind, text, sort, listed, isListing]);
  return { listed, isListing };
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

function tableOf(answer: FunctionChanges, rows: readonly ChangeRow[], by: ComparisonView['by']['value']) {
  const unit = weightHead(answer.unit);
  return {
    head: [
      'Change of self',
      'Change of total',
      `Self before, ${unit}`,
      `Self after, ${unit}`,
      'Function',
      'Source',
    ],
    numbers: [true, true, true, true, false, false],
    rows: rows.map(({ row, self, total, name, kind }) => {
      const { url, line } = functionOfChange(answer, row);
      return [
        tellDeltaOf(self, answer, by),
        tellDeltaOf(total, answer, by),
        formatWeight(answer.self.before[row], answer.unit),
        formatWeight(answer.self.after[row], answer.unit),
        kind === 'both' ? name : `${name} (${kind})`,
        url === '' ? '' : `${url}:${line}`,
      ];
    }),
  };
}

const tellDeltaOf = (delta: number, { unit }: FunctionChanges, by: 'weight' | 'share'): string =>
  by === 'share' ? tellPoints(delta) : tellChange(delta, unit);

interface ChangeGridProps {
  readonly view: ComparisonView;
  readonly answer: FunctionChanges;
  readonly rows: readonly ChangeRow[];
  readonly sort: Signal<{ readonly by: ChangeSort; readonly reversed: boolean }>;
  readonly onShow: () => void;
}

function ChangeGrid({ view, answer, rows, sort, onShow }: ChangeGridProps) {
  const activeRow = useSignal(-1);
  const active = rows.findIndex(({ row }) => row === activeRow.value);
  const { scroller, items, height, pageRows } = useVirtualRows(rows.length, active);
  const go = (to: number): void => {
    activeRow.value = rows[Math.max(0, Math.min(rows.length - 1, to))]?.row ?? -1;
  };
  const show = (row: ChangeRow | undefined): void => {
    if (row === undefined) return;
    selectFunction(view, answer, row);
    onShow();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
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
      <GridHead sort={sort} unit={weightHead(answer.unit)} />
      {rows.length === 0 ? (
        <div class="grid-empty quiet" {...GRID_ROLES.row}>
          <span {...GRID_ROLES.cell}>No function is of that kind.</span>
        </div>
      ) : (
        <div ref={scroller} class="grid-scroller" {...GRID_ROLES.rows}>
          <div class="grid-sizer" {...GRID_ROLES.sizer} style={{ height: `${height}px` }}>
            {items.map(({ index, start }) => (
              <Row
                key={rows[index].row}
                place={{ index, top: start, isActive: index === active }}
                view={view}
                answer={answer}
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

function GridHead({ sort, unit }: { readonly sort: ChangeGridProps['sort']; readonly unit: string }) {
  return (
    <div class="grid-head" {...{ ...GRID_ROLES.row, 'aria-rowindex': 1 }}>
      <Head sort={sort} by="self" name="Change of self" />
      <Head sort={sort} by="total" name="Change of total" hides="middle-cell wide-cell" />
      <Head sort={sort} by="before" name={`Self before, ${unit}`} hides="middle-cell" />
      <Head sort={sort} by="after" name={`Self after, ${unit}`} hides="middle-cell" />
      <span {...GRID_ROLES.head} class="number wide-cell">
        Total before
      </span>
      <span {...GRID_ROLES.head} class="number wide-cell">
        Total after
      </span>
      <Head sort={sort} by="name" name="Function" />
      <span {...GRID_ROLES.head} class="source-cell wide-cell">
        Source
      </span>
    </div>
  );
}

interface HeadProps {
  readonly sort: ChangeGridProps['sort'];
  readonly by: ChangeSort;
  readonly name: string;
  readonly hides?: string;
}

function Head({ sort, by, name, hides = '' }: HeadProps) {
  const { by: sorted, reversed } = sort.value;
  const isSorted = sorted === by;
  const descends = (by !== 'name') !== reversed;
  const direction: 'ascending' | 'descending' = descends ? 'descending' : 'ascending';
  return (
    <span
      {...{ ...GRID_ROLES.head, 'aria-sort': isSorted ? direction : 'none' }}
      class={`${by === 'name' ? 'name-cell' : 'number'} ${hides}`}
    >
      <button
        type="button"
        tabIndex={-1}
        onClick={() => {
          sort.value = { by, reversed: isSorted && !reversed };
        }}
      >
        {name}
        {isSorted && <span aria-hidden="true">{descends ? ' ▾' : ' ▴'}</span>}
      </button>
    </span>
  );
}

interface RowProps {
  readonly place: { readonly index: number; readonly top: number; readonly isActive: boolean };
  readonly view: ComparisonView;
  readonly answer: FunctionChanges;
  readonly change: ChangeRow;
  readonly onActivate: () => void;
  readonly onShow: () => void;
}

function Row({ place, view, answer, change, onActivate, onShow }: RowProps) {
  const { row, name, kind, self, total } = change;
  const { url, line, column } = functionOfChange(answer, row);
  const by = view.by.value;
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
