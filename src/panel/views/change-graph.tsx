/**
 * The flame graph of a comparison: boxes as wide as one side, coloured by what changed; both figures on the card and
 * under it. Keys as in every flame graph; Backspace takes a transform back.
 */
import { useEffect } from 'preact/hooks';
import { CHANGE_STEPS, type Chart, FIRST_CHANGE_KEY } from '../../flame/index.ts';
import { describeSource } from '../canvas/box-words.ts';
import { FlameChart } from '../canvas/index.ts';
import type { ComparisonView, SideName } from '../state/comparison-view.ts';
import { TRANSFORM_KEYS, transformOfKey } from '../state/graph-keys.ts';
import { boxIn, weightOfMatches } from '../state/graph-part.ts';
import { makeTransform } from '../state/graph-view.ts';
import { CHANGE_WORDS, tellDelta, tellSide } from '../words/changes.ts';
import { countOf, formatShare } from '../words/format.ts';
import { tellWeight } from '../words/weights.ts';
import type { GraphLooks } from './graph-canvas.tsx';
import { Breadcrumbs } from './profile-bar.tsx';

interface ChangeGraphProps extends GraphLooks {
  readonly view: ComparisonView;
  /** There is nothing to show of these sides. */
  readonly isHidden: boolean;
}

export function ChangeGraph({ view, isHidden, theme, scheduler }: ChangeGraphProps) {
  const { part, search } = view;
  useEffect(() => view.followGraph(), [view]);
  useEffect(() => {
    search.other.value = (towards) => {
      part.step(towards);
      return true;
    };
    return () => {
      search.other.value = null;
    };
  }, [part, search]);
  const answer = view.graph.value;
  const chart = part.chart.value;
  const isThere = answer !== null && chart !== null && answer.chart === chart && !isHidden;
  return (
    <div class="view-pane">
      <div class="view-bar">
        <WidthChoice view={view} />
        <label class="check">
          <input
            type="checkbox"
            checked={view.inverted.value}
            onChange={(event) => {
              view.inverted.value = event.currentTarget.checked;
            }}
          />
          Bottom-up
        </label>
        <Legend />
        {isThere && <Found view={view} chart={chart} />}
      </div>
      <Breadcrumbs profile={view} />
      {!isHidden && !isThere && <p class="graph-empty quiet">Comparing…</p>}
      {isThere && chart.boxes.length === 0 && (
        <p class="graph-empty quiet">Nothing ran on this side in this range, or a transform left nothing.</p>
      )}
      {isThere && chart.boxes.length > 0 && (
        <FlameChart
          chart={chart}
          viewport={part.viewport}
          measured={part.measured}
          selection={part.selection}
          tracks={part.tracks}
          matches={part.matches}
          home={chart.bounds}
          origin={0}
          milestones={[]}
          theme={theme}
          scheduler={scheduler}
          graph={{
            name: `Differential flame graph, as wide as ${view.wide.value}`,
            upward: false,
            whole: chart.bounds.end,
            tell: (weight) => tellWeight(weight, answer.unit),
            tellBox: (box) => factsOfBox(view, box),
            onKey: (code, shift, box) => pressKey(view, box, { code, shift }),
          }}
        />
      )}
      {isThere && <BoxBar view={view} />}
    </div>
  );
}

function pressKey(
  view: ComparisonView,
  box: number,
  { code, shift }: { readonly code: string; readonly shift: boolean },
): boolean {
  const { transforms, part, inverted } = view;
  if (code === 'Backspace') {
    transforms.value = transforms.peek().slice(0, -1);
    return true;
  }
  const kind = transformOfKey(code, shift);
  const chart = part.chart.peek();
  if (kind === null || chart === null) return false;
  const made = makeTransform(kind, chart, box, inverted.peek());
  if (made !== null) transforms.value = [...transforms.peek(), made];
  return true;
}

/** `Before 3 ms (4 %)` and so on, with what it took itself. */
function factsOfBox(view: ComparisonView, box: number): readonly (readonly [string, string])[] {
  const answer = view.graph.peek();
  if (answer === null || box >= answer.chart.boxes.length) return [];
  const { before, after, chart, unit } = answer;
  const node = chart.boxes.slice[box];
  const weights = { before: before.weight, after: after.weight };
  const by = view.by.peek();
  const total = { before: before.total[node], after: after.total[node], weights, unit, by };
  const self = { before: before.self[node], after: after.self[node], weights, unit, by };
  return [
    ['Change', tellDelta(total)],
    ['Before', tellSide(total, 'before')],
    ['After', tellSide(total, 'after')],
    ['Self', `${tellWeight(self.before, unit)} → ${tellWeight(self.after, unit)}: ${tellDelta(self)}`],
  ];
}

function WidthChoice({ view }: { readonly view: ComparisonView }) {
  const choices: readonly (readonly [SideName, string])[] = [
    ['before', 'Wide as before'],
    ['after', 'Wide as after'],
  ];
  return (
    <fieldset class="segments">
      <legend class="for-readers">Width of boxes</legend>
      {choices.map(([side, words]) => (
        <label key={side} title={side === 'before' ? 'What is new has no box' : 'What is gone has no box'}>
          <input
            type="radio"
            name="wide-as"
            checked={view.wide.value === side}
            onChange={() => {
              view.wide.value = side;
            }}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

export function Legend() {
  const steps = Array.from({ length: 2 * CHANGE_STEPS + 1 }, (_, index) => index);
  return (
    <div class="legend">
      less
      <ol aria-label="Colours, from less to more">
        {steps.map((index) => (
          <li key={index} title={CHANGE_WORDS[index - CHANGE_STEPS]}>
            <i style={{ background: `var(--change-${index})` }} />
            <span class="for-readers">{CHANGE_WORDS[index - CHANGE_STEPS]}</span>
          </li>
        ))}
      </ol>
      more
    </div>
  );
}

/** What a search found; nothing where nothing is looked for. */
function Found({ view, chart }: { readonly view: ComparisonView; readonly chart: Chart }) {
  const matches = view.part.matches.value;
  if (matches === null) return null;
  const share = formatShare(weightOfMatches(chart, matches), chart.bounds.end);
  return (
    <span class="quiet" role="status">
      {countOf(matches.boxes.length, 'box', 'boxes')} found: {share}
    </span>
  );
}

/** The selected box in words, and what can be done to it. */
function BoxBar({ view }: { readonly view: ComparisonView }) {
  const { part } = view;
  const chart = part.chart.value;
  if (chart === null) return null;
  const box = boxIn(chart, part.selection.value);
  if (box < 0)
    return (
      <p class="box-bar quiet">
        Select a box to see what it took before and after, and to change the graph by it.
      </p>
    );
  const { text, source } = chart.labels[chart.boxes.label[box]];
  const step = chart.boxes.colour[box] - FIRST_CHANGE_KEY;
  return (
    <div class="box-bar">
      <p class="box-facts">
        <i class="swatch" style={{ background: `var(--change-${step})` }} /> <strong>{text}</strong>{' '}
        {factsOfBox(view, box).map(([name, figure]) => (
          <span key={name} class="number">
            {name.toLowerCase()} {figure}{' '}
          </span>
        ))}
        {source !== null && (
          <span class="code quiet" title={source.url}>
            {describeSource(source)}
          </span>
        )}
      </p>
      <div class="box-actions">
        {TRANSFORM_KEYS.filter(({ kind }) => kind !== 'collapse-source' || source !== null).map(
          ({ code, shift, name, does, keys }) => (
            <button
              key={name}
              type="button"
              class="tool"
              title={`${does} (${keys})`}
              onClick={() => pressKey(view, box, { code, shift })}
            >
              {name}
            </button>
          ),
        )}
      </div>
    </div>
  );
}
