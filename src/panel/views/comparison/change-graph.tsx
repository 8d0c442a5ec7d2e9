/**
 * The flame graph of a comparison: boxes as wide as one side, coloured by what changed; both figures on the card and
 * under it. Whole, or as the sandwich of one function. Keys as in every flame graph; Backspace takes a transform back.
 */
import { useEffect } from 'preact/hooks';
import type { ComparedGraph } from '../../../engine/client.ts';
import { CHANGE_STEPS, type Chart, FIRST_CHANGE_KEY } from '../../../flame/index.ts';
import type { ChangePart, ComparisonView, SideName } from '../../state/comparison/comparison-view.ts';
import { transformOfKey } from '../../state/profile/graph-keys.ts';
import { boxIn, functionOfBox, weightOfMatches } from '../../state/profile/graph-part.ts';
import { makeTransform } from '../../state/profile/graph-view.ts';
import { CHANGE_WORDS, tellDelta, tellSide } from '../../words/changes.ts';
import { countOf, formatShare } from '../../words/format.ts';
import { tellWeight } from '../../words/weights.ts';
import { AskingLine } from '../parts/asking-line.tsx';
import { BoxBar, SandwichButton } from '../profile/box-bar.tsx';
import { type GraphLooks, PartCanvas } from '../profile/graph-canvas.tsx';
import { GraphDirection } from '../profile/graph-direction.tsx';
import { GraphEmpty } from '../profile/graph-empty.tsx';
import { Breadcrumbs } from '../profile/profile-bar.tsx';

interface ChangeGraphProps extends GraphLooks {
  readonly view: ComparisonView;
  /** There is nothing to show of these sides. */
  readonly isHidden: boolean;
}

export function ChangeGraph({ view, isHidden, ...looks }: ChangeGraphProps) {
  const { whole, search } = view;
  useEffect(() => view.followGraph(), [view]);
  useEffect(() => {
    search.other.value = (towards) => {
      whole.part.step(towards);
      return true;
    };
    return () => {
      search.other.value = null;
    };
  }, [whole, search]);
  const isSandwich = view.shown.value === 'sandwich';
  const shown = isHidden || isSandwich ? null : answerOf(whole);
  return (
    <div class="view-pane">
      <div class="view-bar">
        <WidthChoice view={view} />
        <GraphDirection shown={view.shown} name="change-shown" />
        <Legend />
        {shown !== null && <Found part={whole} chart={shown.chart} />}
      </div>
      <Breadcrumbs profile={view} />
      {!isHidden && isSandwich && <ChangeSandwich view={view} {...looks} />}
      {!isHidden && !isSandwich && (
        <ChangeCanvas
          view={view}
          changed={whole}
          name={`Differential flame graph, as wide as ${view.wide.value}`}
          upward={false}
          {...looks}
        />
      )}
      {shown !== null && <ChangeBar view={view} />}
    </div>
  );
}

/** The answer that is shown; null while another chart is. */
function answerOf({ part, graph }: ChangePart): ComparedGraph | null {
  const answer = graph.value;
  return answer !== null && answer.chart === part.chart.value ? answer : null;
}

interface ChangeCanvasProps extends GraphLooks {
  readonly view: ComparisonView;
  readonly changed: ChangePart;
  readonly name: string;
  readonly upward: boolean;
}

function ChangeCanvas({ view, changed, name, upward, ...looks }: ChangeCanvasProps) {
  const answer = answerOf(changed);
  const line = <AskingLine asking={changed.part.asking} working="Comparing…" />;
  if (answer === null)
    return changed.part.asking.state.value === 'quick' ? <p class="graph-empty quiet">Comparing…</p> : line;
  const { chart, unit } = answer;
  if (chart.boxes.length === 0)
    return <GraphEmpty transforms={view.transforms} words="Nothing ran on this side in this range." />;
  const graph = {
    name,
    upward,
    whole: chart.bounds.end,
    tell: (weight: number) => tellWeight(weight, unit),
    tellBox: (box: number) => factsOfBox(view, answer, box),
    onKey: (code: string, shift: boolean, box: number) => pressKey(view, chart, box, { code, shift }),
  };
  return (
    <>
      {line}
      <PartCanvas part={changed.part} chart={chart} graph={graph} {...looks} />
    </>
  );
}

/** Who calls one function, and what it calls, before and after. */
function ChangeSandwich({ view, ...looks }: GraphLooks & { readonly view: ComparisonView }) {
  const ref = view.middle.value;
  if (ref === null)
    return (
      <p class="graph-empty quiet">
        Which function? Select one in the top-down graph and press 3, or choose one under “Functions”.
      </p>
    );
  const { name } = ref;
  const wide = `as wide as ${view.wide.value}`;
  return (
    <div class="sandwich-sides">
      <section aria-label={`Callers of ${name}`}>
        <h2>Callers of {name}</h2>
        <ChangeCanvas
          view={view}
          changed={view.callers}
          name={`Callers of ${name}, ${wide}`}
          upward={true}
          {...looks}
        />
      </section>
      <section aria-label={`What ${name} calls`}>
        <h2>What {name} calls</h2>
        <ChangeCanvas
          view={view}
          changed={view.callees}
          name={`What ${name} calls, ${wide}`}
          upward={false}
          {...looks}
        />
      </section>
    </div>
  );
}

function pressKey(
  view: ComparisonView,
  chart: Chart,
  box: number,
  { code, shift }: { readonly code: string; readonly shift: boolean },
): boolean {
  const { transforms, shown } = view;
  if (code === 'Backspace') {
    transforms.value = transforms.peek().slice(0, -1);
    return true;
  }
  if (code === 'Digit3' && box >= 0) {
    openSandwich(view, chart, box);
    return true;
  }
  const kind = transformOfKey(code, shift);
  if (kind === null) return false;
  const made = makeTransform(kind, chart, box, shown.peek());
  if (made !== null) transforms.value = [...transforms.peek(), made];
  return true;
}

function openSandwich(view: ComparisonView, chart: Chart, box: number): void {
  view.middle.value = functionOfBox(chart, box);
  view.shown.value = 'sandwich';
}

/** `Before 3 ms (4 %)` and so on, with what it took itself. */
function factsOfBox(
  { by: chosen }: ComparisonView,
  { before, after, chart, unit }: ComparedGraph,
  box: number,
): readonly (readonly [string, string])[] {
  if (box >= chart.boxes.length) return [];
  const node = chart.boxes.slice[box];
  const weights = { before: before.weight, after: after.weight };
  const by = chosen.peek();
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
function Found({ part: { part }, chart }: { readonly part: ChangePart; readonly chart: Chart }) {
  const matches = part.matches.value;
  if (matches === null) return null;
  const share = formatShare(weightOfMatches(chart, matches), chart.bounds.end);
  return (
    <span class="quiet" role="status">
      {countOf(matches.boxes.length, 'box', 'boxes')} found: {share}
    </span>
  );
}

/** The selected box in words, and what can be done to it. */
function ChangeBar({ view }: { readonly view: ComparisonView }) {
  const answer = answerOf(view.whole);
  if (answer === null) return null;
  const { chart } = answer;
  const box = boxIn(chart, view.whole.part.selection.value);
  if (box < 0)
    return (
      <p class="box-bar quiet">
        Select a box to see what it took before and after, and to change the graph by it.
      </p>
    );
  return (
    <BoxBar
      chart={chart}
      box={box}
      swatch={`var(--change-${chart.boxes.colour[box] - FIRST_CHANGE_KEY})`}
      figures={factsOfBox(view, answer, box).map(([name, figure]) => `${name.toLowerCase()} ${figure}`)}
      onTransform={({ code, shift }) => {
        pressKey(view, chart, box, { code, shift });
      }}
    >
      <SandwichButton onPress={() => openSandwich(view, chart, box)} />
    </BoxBar>
  );
}
