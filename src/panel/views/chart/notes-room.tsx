/**
 * All that is put on the flame chart by hand, and its menu: loads with the first note, menu or look at the list.
 * In: the app, the open trace, the desk that asked for it. Out: what is painted over the chart, what the chart's outer
 * commands do, and the parts of the page that go with it.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { KeySet } from '../../../settings/index.ts';
import { ChartView } from '../../canvas/chart-view.ts';
import type { ChartHandle, ClientPoint } from '../../canvas/index.ts';
import { CHART_KEYS, type ChartCommand, type OuterCommand } from '../../canvas/input/chart-key-table.ts';
import { obey } from '../../canvas/input/chart-keys.ts';
import { type DrawnNote, type NotePlate, paintNotes, plateAt } from '../../canvas/paint/note-painter.ts';
import type { ChartOverlay } from '../../canvas/paint/scene.ts';
import type { App } from '../../state/app.ts';
import {
  type Annotations,
  boxOfPlace,
  createAnnotations,
  type PlacedAnnotation,
} from '../../state/chart/annotations.ts';
import { openSourceOfSelected, sourceOfSelected } from '../../state/source/selected-source.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { countOf } from '../../words/format.ts';
import { showGraphOfSelected } from '../profile/graph-of.ts';
import { ChartMenu, type ChartMenuEntry } from './chart-menu.tsx';
import { changeIgnored, IgnoreList } from './ignore-list.tsx';
import { NoteBar } from './note-bar.tsx';
import { NotesPane } from './notes-pane.tsx';
import '../../style/notes.css';

export interface NotesRoom {
  readonly annotations: Annotations;
  readonly overlay: ReadonlySignal<ChartOverlay | null>;
  /** Does an outer command of the chart; false where there is nothing that it could be done to. */
  readonly obey: (command: OuterCommand, chart: ChartHandle, at: ClientPoint | null) => boolean;
  /** Under the chart: what is being written, the menu, the ignore list. */
  readonly Bar: () => ComponentChildren;
  readonly Pane: () => ComponentChildren;
  readonly dispose: () => void;
}

export interface NotesRoomOptions {
  readonly app: App;
  readonly view: TraceView;
  readonly dim: (chart: ChartHandle) => void;
  readonly showList: () => void;
}

interface OpenMenu {
  readonly at: ClientPoint;
  readonly entries: readonly ChartMenuEntry[];
}

export function openNotes({ app, view, dim, showList }: NotesRoomOptions): NotesRoom {
  const annotations = createAnnotations({
    engine: app.outside.engine,
    view,
    makeId: () => crypto.randomUUID(),
    onFailure: app.notices.showFailure,
  });
  const menu = signal<OpenMenu | null>(null);
  const ignoreOpen = signal(false);
  const lastIgnored = signal('');
  const focusChart = (): void =>
    document.querySelector<HTMLElement>('.flame-chart')?.focus({ preventScroll: true });
  const doCommand: NotesRoom['obey'] = (command, chart, at) => {
    if (command === 'note') return annotations.write();
    if (command === 'link') return annotations.link();
    if (command === 'ignore-script') return ignoreScript(app, chart, lastIgnored);
    if (command !== 'menu') return false;
    const place = at ?? chart.placeOf(chart.selectedBox);
    if (place === null) return false;
    const parts = { app, view, annotations, chart, doCommand, dim, showList, ignoreOpen };
    menu.value = { at: place, entries: listEntries(parts) };
    return true;
  };
  return {
    annotations,
    overlay: makeOverlay(annotations),
    obey: doCommand,
    Bar: () => (
      <>
        <IgnoredBar
          app={app}
          last={lastIgnored.value}
          onOpen={() => {
            ignoreOpen.value = true;
          }}
        />
        <NoteBar annotations={annotations} origin={view.origin} onDone={focusChart} />
        {menu.value !== null && (
          <ChartMenu
            {...menu.value}
            onClose={() => {
              menu.value = null;
              if (document.activeElement === document.body) focusChart();
            }}
          />
        )}
        {ignoreOpen.value && <IgnoreList app={app} isOpen={ignoreOpen} />}
      </>
    ),
    Pane: () => <NotesPane annotations={annotations} origin={view.origin} onJump={focusChart} />,
    dispose: annotations.dispose,
  };
}

interface IgnoredBarProps {
  readonly app: App;
  /** What was ignored from here last; '' for nothing. */
  readonly last: string;
  readonly onOpen: () => void;
}

/** Says that the chart leaves scripts out, takes the last back, leads to the list. Nothing where it does not. */
function IgnoredBar({ app, last, onOpen }: IgnoredBarProps) {
  const { ignored } = app.outside.settings.current.value.settings.chart;
  const count = ignored.length;
  if (count === 0) return null;
  return (
    <div class="search-bar note-bar">
      <p role="status">
        {countOf(count, 'script pattern is', 'script patterns are')} ignored: their functions are not drawn.
      </p>
      {ignored.includes(last) && (
        <button
          type="button"
          class="plain-button"
          title={`Draw ${last} again`}
          onClick={() => changeIgnored(app, (all) => all.filter((one) => one !== last))}
        >
          Undo the last
        </button>
      )}
      <button type="button" class="plain-button" onClick={onOpen}>
        Ignore list…
      </button>
    </div>
  );
}

/** Null while there is nothing to paint. Where plates stand is known from the last frame. */
function makeOverlay({ placed, edit }: Annotations): ReadonlySignal<ChartOverlay | null> {
  let plates: readonly NotePlate[] = [];
  return computed(() => {
    const notes = placed.value;
    if (notes.length === 0) return null;
    return {
      paint(target, scene) {
        plates = paintNotes(
          target,
          scene,
          notes.map((note) => drawnOf(scene.chart, note)),
        );
      },
      actionAt(point) {
        const plate = plateAt(plates, point);
        return plate === null ? null : () => edit(plate.id);
      },
    };
  });
}

function drawnOf(chart: Parameters<typeof boxOfPlace>[0], placed: PlacedAnnotation): DrawnNote {
  const { id, text } = placed.note;
  switch (placed.kind) {
    case 'label':
      return { id, text, kind: 'label', box: boxOfPlace(chart, placed.on) };
    case 'range':
      return { id, text, kind: 'range', range: placed.range };
    case 'link':
      return {
        id,
        text,
        kind: 'link',
        from: boxOfPlace(chart, placed.from),
        to: boxOfPlace(chart, placed.to),
      };
  }
}

/** The address of the selected function's script; '' where nothing is selected that has one. */
function scriptOf({ props, selectedBox }: ChartHandle): string {
  const { boxes, labels } = props.peek().chart;
  return selectedBox < 0 ? '' : (labels[boxes.label[selectedBox]].source?.url ?? '');
}

function ignoreScript(app: App, chart: ChartHandle, last: Signal<string>): boolean {
  const url = scriptOf(chart);
  if (url === '') return false;
  last.value = url;
  chart.select(-1);
  changeIgnored(app, (all) => [...all, url]);
  chart.announcement.value = `${url} is ignored`;
  return true;
}

interface MenuParts {
  readonly app: App;
  readonly view: TraceView;
  readonly annotations: Annotations;
  readonly chart: ChartHandle;
  readonly doCommand: NotesRoom['obey'];
  readonly dim: (chart: ChartHandle) => void;
  readonly showList: () => void;
  readonly ignoreOpen: Signal<boolean>;
}

const keyShown = (set: KeySet, command: ChartCommand): string =>
  CHART_KEYS[set].find((key) => key.command === command)?.shown ?? '';

function listEntries(parts: MenuParts): ChartMenuEntry[] {
  const { app, view, annotations, chart, doCommand, dim, showList, ignoreOpen } = parts;
  const { settings } = app.outside.settings.current.peek();
  const keyOf = (command: ChartCommand): string => keyShown(settings.keys.set, command);
  const own = (label: string, command: ChartCommand, more: Partial<ChartMenuEntry> = {}): ChartMenuEntry => ({
    label,
    shown: keyOf(command),
    onChoose: () => {
      if (chart instanceof ChartView) obey(chart, command);
      chart.focus();
    },
    ...more,
  });
  const outer = (
    label: string,
    command: OuterCommand,
    more: Partial<ChartMenuEntry> = {},
  ): ChartMenuEntry => ({
    label,
    shown: keyOf(command),
    onChoose: () => void doCommand(command, chart, null),
    ...more,
  });
  const isNone = chart.selectedBox < 0;
  const { hidden } = view;
  const notes = [
    outer('Note on this slice', 'note', {
      disabled: isNone,
      startsGroup: true,
      onChoose: () => void annotations.write('selection'),
    }),
    outer('Note on the measured range', 'note', {
      disabled: view.measured.peek() === null,
      onChoose: () => void annotations.write('range'),
    }),
    outer(annotations.linkFrom.peek() === null ? 'Link from this slice' : 'Link to this slice', 'link', {
      disabled: isNone,
    }),
    { label: 'List the notes', shown: '', onChoose: showList },
  ];
  return [
    own('Zoom to it', 'fit', { disabled: isNone && view.measured.peek() === null }),
    own(isNone ? 'Measure what is shown' : 'Measure it', 'measure'),
    own('Show the whole page window', 'all'),
    {
      label: 'Show its source',
      shown: 'O',
      disabled: sourceOfSelected(view) === null,
      onChoose: () => void openSourceOfSelected(view),
    },
    {
      label: 'Flame graph of it',
      shown: '',
      disabled: view.profile.selected.peek() === null,
      onChoose: () => showGraphOfSelected(view.profile),
    },
    ...notes,
    own('Hide this slice', 'hide-slice', { disabled: isNone, startsGroup: true }),
    own('Hide what is inside it', 'hide-children', { disabled: isNone }),
    own('Hide its repeats inside it', 'hide-repeats', { disabled: isNone }),
    own('Show all that was hidden', 'show-hidden', { disabled: hidden.peek().length === 0 }),
    outer('Ignore this script', 'ignore-script', { disabled: scriptOf(chart) === '', startsGroup: true }),
    {
      label: 'Ignore list…',
      shown: '',
      onChoose: () => {
        ignoreOpen.value = true;
      },
    },
    outer('Dim third parties', 'dim-third-parties', {
      checked: settings.chart.dimThirdParties,
      onChoose: () => dim(chart),
    }),
    own('Save a picture as PNG', 'picture-png', { startsGroup: true }),
    own('Save a picture as SVG', 'picture-svg'),
  ];
}
