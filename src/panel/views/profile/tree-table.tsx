/**
 * A call tree as a table, bottom-up or top-down: a tree grid as ARIA describes it, of which only the rows in sight are
 * in the page. The focus stays on the grid; its active row is told.
 * Arrow keys, Home, End and page keys walk it, `*` opens all below, letters find a name, Enter shows the row's longest
 * slice in the chart, Shift+Enter its source.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { CATEGORIES } from '../../../analysis/index.ts';
import type { TreeAnswer } from '../../../engine/client.ts';
import type { Grouping } from '../../../flame/index.ts';
import type { WeightUnit } from '../../../profile/index.ts';
import type { Aggregated } from '../../state/profile/aggregated.ts';
import { functionOfNode } from '../../state/profile/row-keys.ts';
import { heaviestPath, nameOfNode, type TreeRow, type TreeSort } from '../../state/profile/tree-rows.ts';
import { findTyped, type TreeView } from '../../state/profile/tree-view.ts';
import { countOf, formatShare } from '../../words/format.ts';
import { formatWeight, weightHead } from '../../words/weights.ts';
import { AskingLine } from '../parts/asking-line.tsx';
import { Choices } from '../parts/choices.tsx';
import { CopyMenu } from '../parts/copy-menu.tsx';
import { FilterField } from '../parts/filter-field.tsx';
import { GRID_ROLES, isForRows, keepGridFocus } from '../parts/grid-roles.ts';
import { ListingLine } from '../parts/listing-line.tsx';
import { RowMenu } from '../parts/row-menu.tsx';
import { SortHead } from '../parts/sort-head.tsx';
import { useVirtualRows } from '../parts/virtual-rows.ts';
import { SourceLink } from '../source/source-link.tsx';
import { GROUPINGS } from './groupings.ts';
import { Breadcrumbs, ProfileBar } from './profile-bar.tsx';

const GROUPS: readonly { readonly id: Grouping; readonly name: string }[] = [
  { id: 'none', name: 'Group by activity' },
  ...GROUPINGS,
];

/** Letters typed within this time belong to one word. */
const TYPING_MILLIS = 700;
/** CSS pixels per level, and at most this many levels. */
const INDENT = 12;
const MOST_INDENTED = 40;

interface TreePaneProps {
  readonly aggregated: Aggregated;
  readonly tree: TreeView;
}

export function TreePane({ aggregated, tree }: TreePaneProps) {
  useEffect(() => tree.follow(), [tree]);
  return (
    <div class="view-pane">
      <ProfileBar profile={aggregated.profile}>
        <Choices
          label="Group"
          choices={GROUPS}
          chosen={tree.group.value}
          onChoose={(group) => {
            tree.group.value = group;
          }}
        />
        <FilterField text={tree.filter} label="Filter the table" />
        <RowMenu aggregated={aggregated} tree={tree} />
        <CopyMenu aggregated={aggregated} tree={tree} />
      </ProfileBar>
      <Breadcrumbs profile={aggregated.profile} />
      <WhoseScripts tree={tree} />
      <AskingLine asking={tree.asking} working="Adding up…" />
      <ListingLine isListing={tree.isListing} onCancel={tree.cancelListing} />
      <div class="table-and-side">
        <TreeGrid aggregated={aggregated} tree={tree} name={tree.inverted ? 'Bottom-up' : 'Call tree'} />
        <HeaviestStack aggregated={aggregated} tree={tree} />
      </div>
    </div>
  );
}

/** Why a grouping by address has one group alone. */
function WhoseScripts({ tree }: { readonly tree: TreeView }) {
  const answer = tree.answer.value;
  const isByAddress = ['url', 'domain', 'party'].includes(tree.group.value);
  if (!isByAddress || answer === null || answer.tree.length === 0) return null;
  if (answer.frames.url.some((url) => url > 0)) return null;
  return (
    <p class="view-note quiet">
      Nothing tells whose scripts ran: there are no samples of V8 on this thread in this range. The presets
      “Standard” and “Detailed” record them.
    </p>
  );
}

interface TreeGridProps extends TreePaneProps {
  readonly name: string;
}

export function TreeGrid({ aggregated, tree, name }: TreeGridProps) {
  const rows = tree.rows.value;
  const active = tree.active.value;
  const answer = tree.answer.value;
  const { scroller, items, height, pageRows } = useVirtualRows(rows.length, active);
  const show = (row: number): void => {
    const at = rows.at(row);
    if (answer !== null && at !== undefined) void aggregated.showInChart(functionOfNode(answer, at.node));
  };
  const openSource = (row: number): void => {
    const at = rows.at(row);
    if (answer !== null && at !== undefined) aggregated.openSource(functionOfNode(answer, at.node));
  };
  const onKeyDown = useTreeKeys(tree, pageRows, (shift) => (shift ? openSource(active) : show(active)));
  const unit = aggregated.profile.unit.value;
  const id = tree.inverted ? 'bottom-up' : 'call-tree';
  const grid = {
    ...GRID_ROLES.treegrid,
    'aria-label': name,
    'aria-rowcount': rows.length + 1,
    'aria-activedescendant': active < 0 ? undefined : `${id}-${active}`,
    onKeyDown,
    onMouseDown: keepGridFocus,
  };
  return (
    <div class="grid" {...grid}>
      <div class="grid-head" {...{ ...GRID_ROLES.row, 'aria-rowindex': 1 }}>
        <TreeHead tree={tree} by="self" name={`Self, ${weightHead(unit)}`} kind="number" />
        <TreeHead tree={tree} by="total" name={`Total, ${weightHead(unit)}`} kind="number" />
        <TreeHead tree={tree} by="name" name={tree.group.value === 'none' ? 'Activity' : 'Group, activity'} />
        <TreeHead tree={tree} by="source" name="Source" kind="source-cell" />
      </div>
      {answer === null || rows.length === 0 ? (
        <div class="grid-empty quiet" {...GRID_ROLES.row}>
          <span {...GRID_ROLES.cell}>
            {tellEmpty(answer, tree.filter.value, aggregated.profile.transforms.value.length > 0)}
          </span>
        </div>
      ) : (
        <div ref={scroller} class="grid-scroller" {...GRID_ROLES.rows}>
          <div class="grid-sizer" {...GRID_ROLES.sizer} style={{ height: `${height}px` }}>
            {items.map(({ index, start }) => {
              const row = rows.at(index);
              return (
                row !== undefined && (
                  <Row
                    key={index}
                    id={`${id}-${index}`}
                    place={{ index, top: start, isActive: index === active }}
                    row={row}
                    answer={answer}
                    tree={tree}
                    unit={unit}
                    onShow={() => show(index)}
                    onSource={() => openSource(index)}
                  />
                )
              );
            })}
          </div>
        </div>
      )}
    </div>
  );
}

/** Keys of the tree, Enter, and letters that find a name. */
function useTreeKeys(
  tree: TreeView,
  pageRows: () => number,
  onEnter: (shift: boolean) => void,
): (event: KeyboardEvent) => void {
  const typed = useRef({ text: '', at: 0 });
  const findByLetters = ({ key, timeStamp }: KeyboardEvent): void => {
    const { text, at } = typed.current;
    const word = timeStamp - at < TYPING_MILLIS ? text + key : key;
    typed.current = { text: word, at: timeStamp };
    const found = findTyped(tree, word);
    if (found >= 0) tree.activate(found);
  };
  return (event) => {
    if (!isForRows(event)) return;
    const isTrees = tree.press(event.key, pageRows());
    const isLetter = event.key.length === 1 && event.key !== ' ';
    if (!isTrees && event.key === 'Enter') onEnter(event.shiftKey);
    else if (!isTrees && isLetter) findByLetters(event);
    else if (!isTrees) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function tellEmpty(answer: TreeAnswer | null, filter: string, hasTransforms: boolean): string {
  if (answer === null) return 'Adding up…';
  if (filter.trim() !== '' && answer.tree.length > 0) return 'No function has that in its name or address.';
  return hasTransforms
    ? 'With the changes of the flame graph nothing is left in this range.'
    : 'Nothing ran on this thread in this range.';
}

interface TreeHeadProps {
  readonly tree: TreeView;
  readonly by: TreeSort;
  readonly name: string;
  readonly kind?: 'number' | 'name-cell' | 'source-cell';
}

function TreeHead({ tree, by, name, kind = 'name-cell' }: TreeHeadProps) {
  const { by: sorted, reversed } = tree.sort.value;
  const descends = (by === 'self' || by === 'total') !== reversed;
  const direction = sorted !== by ? null : descends ? 'descending' : 'ascending';
  return <SortHead name={name} kind={kind} direction={direction} onSort={() => tree.sortBy(by)} />;
}

interface RowProps {
  readonly id: string;
  readonly place: { readonly index: number; readonly top: number; readonly isActive: boolean };
  readonly row: TreeRow;
  readonly answer: TreeAnswer;
  readonly tree: TreeView;
  readonly unit: WeightUnit;
  readonly onShow: () => void;
  readonly onSource: () => void;
}

function Row({ id, place, row, answer, tree, unit, onShow, onSource }: RowProps) {
  const { node, depth, expandable, expanded } = row;
  const { self, total, source, name, category } = factsOfNode(answer, tree, node);
  const weigh = (weight: number | null): string => (weight === null ? '' : formatWeight(weight, unit));
  const indent = Math.min(depth, MOST_INDENTED) * INDENT;
  return (
    <div
      id={id}
      class={place.isActive ? 'grid-row active' : 'grid-row'}
      style={{ transform: `translateY(${place.top}px)` }}
      {...{
        ...GRID_ROLES.row,
        'aria-rowindex': place.index + 2,
        'aria-level': depth + 1,
        'aria-expanded': expandable ? expanded : undefined,
        'aria-selected': place.isActive,
        onClick: () => tree.activate(place.index),
        onDblClick: onShow,
      }}
    >
      <span {...GRID_ROLES.cell} class="number">
        {weigh(self)} <span class="quiet share">{formatShare(self, answer.tree.weight)}</span>
      </span>
      <span {...GRID_ROLES.cell} class="number">
        {weigh(total)}{' '}
        <span class="quiet share">{total === null ? '' : formatShare(total, answer.tree.weight)}</span>
      </span>
      <span {...GRID_ROLES.cell} class="name-cell" style={{ paddingLeft: `${indent}px` }}>
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          class={expandable ? 'twist' : 'twist none'}
          data-open={expanded}
          onClick={(event) => {
            event.stopPropagation();
            tree.activate(place.index);
            tree.setOpen(place.index, !expanded);
          }}
        />
        {category !== null && <i class="swatch" data-category={category} />}
        <span class="row-name" title={name}>
          {name}
        </span>
      </span>
      <span {...GRID_ROLES.cell} class="source-cell code">
        {source !== null && <SourceLink source={source} onOpen={onSource} />}
      </span>
    </div>
  );
}

function factsOfNode(answer: TreeAnswer, tree: TreeView, node: number) {
  const { tree: columns, firstGroup, totals, frames } = answer;
  const frame = columns.frame[node];
  const isGroup = frame >= firstGroup;
  const { url, line, column } = functionOfNode(answer, node);
  const isFunction = tree.inverted && columns.depth[node] === (firstGroup < frames.length ? 1 : 0);
  return {
    name: nameOfNode(answer, node),
    // Bottom-up, what a row adds up to is self time of the function at its root.
    self: tree.inverted ? columns.total[node] : columns.self[node],
    total: tree.inverted ? (isFunction && !isGroup ? totals[frame] : null) : columns.total[node],
    source: url === '' ? null : { url, line, column },
    category: CATEGORIES[columns.category[node]] ?? null,
  };
}

/** Levels that are told: functions may call themselves ten thousand times. */
const MOST_IN_STACK = 200;

/** The way down where most of the time went, from the active row. */
function HeaviestStack({ tree }: TreePaneProps) {
  const answer = tree.answer.value;
  const isOpen = useSignal(true);
  if (answer === null || answer.tree.length === 0) return null;
  const row = tree.rows.value.at(tree.active.value);
  const path = heaviestPath(answer, row?.node ?? -1);
  return (
    <section class="heaviest" aria-label="Heaviest stack">
      <h2>
        <button
          type="button"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.peek();
          }}
        >
          Heaviest stack
        </button>
      </h2>
      {isOpen.value && (
        <ol>
          {path.slice(0, MOST_IN_STACK).map((node) => (
            <li key={node}>
              <span class="number">{formatShare(answer.tree.total[node], answer.tree.weight)}</span>
              <span class="row-name" title={nameOfNode(answer, node)}>
                {nameOfNode(answer, node)}
              </span>
            </li>
          ))}
          {path.length > MOST_IN_STACK && (
            <li class="quiet">and {countOf(path.length - MOST_IN_STACK, 'level')} more</li>
          )}
        </ol>
      )}
    </section>
  );
}
