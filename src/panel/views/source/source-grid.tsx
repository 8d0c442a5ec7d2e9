/**
 * The lines of a source, each with its time: a grid of which only the lines in sight are in the page, and their sum under it.
 * In: the source view's state, a text behind its worker. Out: what keys and presses do to the active line.
 * Arrow keys, Home, End and page keys walk it, N and Shift+N go to the next and last line with time, M to the hottest,
 * Enter shows the function that begins on the line in the chart.
 */
import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { TextOrigin } from '../../../engine/client.ts';
import type { ShownSourceLine, TextForm } from '../../../engine/scripts/text-desk.ts';
import type { Aggregated } from '../../state/profile/aggregated.ts';
import { type LineTime, nextHot } from '../../state/source/source-lines.ts';
import type { ShownText, SourceView } from '../../state/source/source-view.ts';
import { countOf, formatShare } from '../../words/format.ts';
import { formatWeight, tellWeight, weightHead } from '../../words/weights.ts';
import { GRID_ROLES, keepGridFocus } from '../parts/grid-roles.ts';
import { MOST_ROWS, useVirtualRows } from '../parts/virtual-rows.ts';

interface SourceProps {
  readonly aggregated: Aggregated;
}

const FROM: Readonly<Record<TextOrigin, string>> = {
  recording: 'from the recording',
  'source-map': 'from the source map',
  file: 'from your file',
  server: 'fetched from its server, which may have given another version than it gave the page',
};

export function ShownSource({ aggregated }: SourceProps) {
  const { source } = aggregated;
  const state = source.state.value;
  if (state.kind !== 'shown') return <p class="graph-empty quiet">Reading…</p>;
  return (
    <>
      {source.isPrinting.value && (
        <p class="source-printing" role="status">
          Pretty-printing {countOf(state.text.facts.characters, 'character')}…{' '}
          <button type="button" class="link-button" onClick={() => void source.showForm('raw')}>
            Show it as it is
          </button>
        </p>
      )}
      <SourceGrid aggregated={aggregated} text={state.text} />
      <SourceFoot aggregated={aggregated} text={state.text} />
    </>
  );
}

interface GridProps extends SourceProps {
  readonly text: ShownText;
}

function SourceGrid({ aggregated, text }: GridProps) {
  const { source, profile } = aggregated;
  const count = Math.min(source.lineCount.value, MOST_ROWS);
  const active = source.active.value;
  const times = source.times.value;
  const hasCaused = times.caused > 0;
  const { scroller, items, height, pageRows } = useVirtualRows(count, active - 1);
  const lines = useLines(text, source.form.value, count);
  const unit = profile.unit.value;
  const onKeyDown = useSourceKeys(aggregated, { count, pageRows });
  const root = useFocusWhenAsked<HTMLDivElement>(source);
  const grid = {
    ...GRID_ROLES.grid,
    'aria-label': 'Source',
    'aria-rowcount': count + 1,
    'aria-activedescendant': active > 0 ? `source-${active}` : undefined,
    onKeyDown,
    onMouseDown: keepGridFocus,
  };
  const head = weightHead(unit);
  return (
    <div ref={root} class={hasCaused ? 'grid source-lines with-caused' : 'grid source-lines'} {...grid}>
      <div class="grid-head" {...{ ...GRID_ROLES.row, 'aria-rowindex': 1 }}>
        <span {...GRID_ROLES.head} class="number" title="What V8 saw running on the line">
          Self, {head}
        </span>
        {hasCaused && (
          <span
            {...GRID_ROLES.head}
            class="number"
            title="Layout, garbage collection …: what the line made the browser do"
          >
            Caused, {head}
          </span>
        )}
        <span
          {...GRID_ROLES.head}
          class="number"
          title="The function that begins here, with all that it called"
        >
          Function, {head}
        </span>
        <span {...GRID_ROLES.head} class="number">
          Line
        </span>
        <span {...GRID_ROLES.head} class="source-code">
          Code
        </span>
      </div>
      <div ref={scroller} class="grid-scroller" {...GRID_ROLES.rows}>
        <div class="grid-sizer" {...GRID_ROLES.sizer} style={{ height: `${height}px` }}>
          {items.map(({ index, start }) => (
            <Line
              key={index}
              line={index + 1}
              top={start}
              isActive={index + 1 === active}
              shown={lines(index + 1)}
              time={times.byLine.get(index + 1) ?? null}
              heat={heatOf(times.byLine.get(index + 1), times.self + times.caused)}
              weigh={(weight) => (weight > 0 ? formatWeight(weight, unit) : '')}
              hasCaused={hasCaused}
              onActivate={() => {
                source.active.value = index + 1;
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** 0 to 100: the line's share of the file's time. */
const heatOf = (time: LineTime | undefined, all: number): number =>
  time === undefined || all <= 0 ? 0 : Math.round((100 * (time.self + time.caused)) / all);

interface LineProps {
  readonly line: number;
  readonly top: number;
  readonly isActive: boolean;
  /** null while it is on its way. */
  readonly shown: ShownSourceLine | null;
  readonly time: LineTime | null;
  readonly heat: number;
  readonly weigh: (weight: number) => string;
  readonly hasCaused: boolean;
  readonly onActivate: () => void;
}

function Line({ line, top, isActive, shown, time, heat, weigh, hasCaused, onActivate }: LineProps) {
  const [first] = time?.functions ?? [];
  return (
    <div
      id={`source-${line}`}
      class={isActive ? 'grid-row active' : 'grid-row'}
      style={{ transform: `translateY(${top}px)`, '--heat': `${heat}%` }}
      {...{ ...GRID_ROLES.row, 'aria-rowindex': line + 1, 'aria-selected': isActive, onClick: onActivate }}
    >
      <span {...GRID_ROLES.cell} class="number heat">
        {time === null ? '' : weigh(time.self)}
      </span>
      {hasCaused && (
        <span {...GRID_ROLES.cell} class="number">
          {time === null ? '' : weigh(time.caused)}
        </span>
      )}
      <span {...GRID_ROLES.cell} class="number" title={first?.name ?? ''}>
        {first === undefined ? '' : weigh(first.total)}
      </span>
      <span {...GRID_ROLES.cell} class="number quiet">
        {line}
      </span>
      <span {...GRID_ROLES.cell} class="source-code code">
        {shown?.text ?? ''}
        {shown !== null && shown.leftOut > 0 && (
          <span class="quiet"> … {countOf(shown.leftOut, 'more character')} (Pretty-print shows them)</span>
        )}
      </span>
    </div>
  );
}

/** What the file took, and what of it has no line here. */
function SourceFoot({ aggregated, text }: GridProps) {
  const { source, profile } = aggregated;
  const times = source.times.value;
  const unit = profile.unit.value;
  const here = times.byLine.get(source.active.value);
  const told =
    here === undefined || here.self + here.caused === 0
      ? ''
      : `Line ${source.active.value}: ${tellWeight(here.self, unit)} of its own${here.caused > 0 ? `, ${tellWeight(here.caused, unit)} of the browser's` : ''}. `;
  return (
    <p class="foot quiet" role="status">
      {told}
      {times.self + times.caused === 0
        ? 'Nothing of this file ran on this thread in this range.'
        : `${tellWeight(times.self + times.caused, unit)} in this file (${formatShare(times.self + times.caused, times.weight)}), ${countOf(times.hot.length, 'line')} with time.`}{' '}
      {times.unplaced > 0 && `Of ${tellWeight(times.unplaced, unit)} V8 told no line. `}
      {times.lost > 0 &&
        `${tellWeight(times.lost, unit)} stand on lines that this text does not have: it is another version. `}
      Text {FROM[text.from]}.
    </p>
  );
}

/** What is shown takes the focus when its place was asked for, not when its tab is only looked at. */
export function useFocusWhenAsked<T extends HTMLElement>(source: SourceView): { current: T | null } {
  const element = useRef<T>(null);
  const isWanted = source.wantsFocus.value;
  useEffect(() => {
    if (!isWanted) return;
    source.wantsFocus.value = false;
    element.current?.focus({ preventScroll: true });
  }, [isWanted, source]);
  return element;
}

const PAGE = 200;

/** Windows of lines, asked for as they come into sight. */
function useLines(text: ShownText, form: TextForm, count: number): (line: number) => ShownSourceLine | null {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const pages = useMemo(() => new Map<number, readonly ShownSourceLine[] | null>(), [text.desk, form, count]);
  return (line) => {
    const page = Math.floor((line - 1) / PAGE);
    if (!pages.has(page)) {
      pages.set(page, null);
      void text.desk.ask('lines', { form, from: page * PAGE + 1, count: PAGE }).then((lines) => {
        pages.set(page, lines);
        redraw(undefined);
      });
    }
    return pages.get(page)?.[(line - 1) % PAGE] ?? null;
  };
}

interface GridSize {
  readonly count: number;
  readonly pageRows: () => number;
}

function useSourceKeys(
  aggregated: Aggregated,
  { count, pageRows }: GridSize,
): (event: KeyboardEvent) => void {
  const { source } = aggregated;
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = source.active.peek();
    const { hot, hottest, byLine } = source.times.peek();
    const [first] = byLine.get(here)?.functions ?? [];
    const lines: Readonly<Record<string, number>> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      PageDown: here + pageRows(),
      PageUp: Math.max(1, here - pageRows()),
      Home: 1,
      End: count,
      n: nextHot(hot, here, 1),
      N: nextHot(hot, here, -1),
      m: hottest,
    };
    if (Object.hasOwn(lines, event.key)) {
      if (lines[event.key] !== 0 || event.key.startsWith('Arrow'))
        source.active.value = Math.max(1, Math.min(count, lines[event.key]));
    } else if (event.key === 'Enter' && first !== undefined) {
      void aggregated.showInChart({ ...first, url: source.place.peek()?.url ?? '' });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
