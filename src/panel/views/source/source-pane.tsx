/**
 * The source of a function: which file it is and in which form, where its text and its source map may come from, and its
 * lines (source-grid.tsx). A file dropped here is for the shown source.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Aggregated } from '../../state/profile/aggregated.ts';
import type { SourceView } from '../../state/source/source-view.ts';
import { shortenMiddle } from '../../words/format.ts';
import { describePlace, describeSource, isWebAssembly } from '../../words/places.ts';
import { formatWeight } from '../../words/weights.ts';
import { DownIcon } from '../parts/icons.tsx';
import { Menu, type MenuEntry } from '../parts/menu.tsx';
import { ThreadChoice, WithinChoice } from '../profile/profile-bar.tsx';
import { ShownSource, useFocusWhenAsked } from './source-grid.tsx';
import '../../style/source.css';

interface SourceProps {
  readonly aggregated: Aggregated;
}

export function SourcePane({ aggregated }: SourceProps) {
  const { source, profile } = aggregated;
  const isOver = useSignal(false);
  useEffect(() => source.follow(), [source]);
  const { kind } = source.state.value;
  const hasFiles = (event: DragEvent): boolean =>
    source.place.peek() !== null && (event.dataTransfer?.types.includes('Files') ?? false);
  // Over the page a dropped file is opened; here it is for the shown source.
  const drop = {
    onDragOver: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      isOver.value = true;
    },
    onDragLeave: () => {
      isOver.value = false;
    },
    onDrop: (event: DragEvent) => {
      isOver.value = false;
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      void source.giveFiles([...(event.dataTransfer?.files ?? [])]);
    },
  };
  return (
    <div class="view-pane source-pane" data-over={isOver.value} {...drop}>
      {source.place.value === null ? (
        <NoPlace />
      ) : (
        <>
          <div class="view-bar">
            <FileChoices source={source} />
            <ThreadChoice profile={profile} />
            <WithinChoice profile={profile} />
          </div>
          <TakenAway source={source} />
          {kind === 'missing' ? <Missing source={source} /> : <ShownSource aggregated={aggregated} />}
        </>
      )}
    </div>
  );
}

function TakenAway({ source }: { readonly source: SourceView }) {
  const taken = source.taken.value;
  return (
    <p class="source-taken" role="status">
      {taken !== null && (
        <>
          {taken.text}{' '}
          <button type="button" class="link-button" onClick={() => void taken.undo()}>
            Undo
          </button>
        </>
      )}
    </p>
  );
}

function NoPlace() {
  return (
    <div class="source-missing">
      <p>No function's source is open.</p>
      <p class="quiet">
        Select a JavaScript function in the chart, in a table or in the flame graph, and press O (in a table
        Shift+Enter). Its file is shown here with the time that each line took.
      </p>
    </div>
  );
}

/** Which file it is, in which form, and where its source map comes from. */
function FileChoices({ source }: { readonly source: SourceView }) {
  const place = source.place.value;
  const { generated } = source.file.value;
  const state = source.state.value;
  if (place === null) return null;
  return (
    <>
      <h2 class="source-name code" title={place.url}>
        {shortenMiddle(place.url, 60)}
      </h2>
      {generated !== null && (
        <button
          type="button"
          class="link-button"
          title={generated.url}
          onClick={() => void source.open(generated)}
        >
          as it ran: {describeSource(generated)}
        </button>
      )}
      {state.kind === 'shown' && (
        <label class="check" title="One statement a line; times stay with their code">
          <input
            type="checkbox"
            checked={source.form.value === 'pretty' || source.isPrinting.value}
            onChange={(event) => void source.showForm(event.currentTarget.checked ? 'pretty' : 'raw')}
          />
          Pretty-print
        </label>
      )}
      <MapMenu source={source} />
      {source.times.value.hottest > 0 && (
        <button
          type="button"
          class="tool"
          title="Go to the line that took most (M)"
          onClick={() => {
            source.active.value = source.times.peek().hottest;
          }}
        >
          Hottest line
        </button>
      )}
    </>
  );
}

function MapMenu({ source }: { readonly source: SourceView }) {
  const picker = useRef<HTMLInputElement>(null);
  const address = source.mapUrl.value;
  const { isMapped, generated, unmapped } = source.file.value;
  const isInside = /^data:/i.test(address);
  const state = source.state.value;
  const isGiven = state.kind === 'shown' && (state.text.from === 'file' || state.text.from === 'server');
  const fetchMap: MenuEntry = {
    key: 'fetch',
    label: isInside
      ? 'Use the map inside the script'
      : `Fetch it from ${hostOf(address)}: ${shortenMiddle(address, 60)}`,
    onChoose: () => void source.fetchMap(),
  };
  const hosts = [...new Set(unmapped.map(({ sourceMapUrl }) => hostOf(sourceMapUrl)))];
  const fetchAll: MenuEntry = {
    key: 'fetch-all',
    label: `Fetch those of all ${unmapped.length} scripts from ${hosts.length > 2 ? `${hosts.length} hosts` : hosts.join(' and ')}`,
    onChoose: () => void source.fetchAllMaps(),
  };
  const entries: MenuEntry[] = [
    ...(address === '' ? [] : [fetchMap]),
    ...(unmapped.length > 1 ? [fetchAll] : []),
    {
      key: 'choose',
      label: 'Choose files (source maps or the text)…',
      onChoose: () => picker.current?.click(),
    },
  ];
  const away: MenuEntry[] = [];
  if (isMapped || generated !== null)
    away.push({
      key: 'away',
      label: 'Take the source map away',
      onChoose: () => void source.takeMapAway(),
    });
  if (isGiven)
    away.push({
      key: 'text-away',
      label: 'Take the text away that was given',
      onChoose: () => void source.takeTextAway(),
    });
  entries.push(...away.map((entry, at) => ({ ...entry, startsGroup: at === 0 })));
  return (
    <>
      <Menu
        id="source-map-menu"
        label="Source map"
        buttonClass="tool source-map-button"
        button={
          <>
            Source map
            <DownIcon />
          </>
        }
        entries={entries}
      />
      <FilePicker picker={picker} source={source} />
    </>
  );
}

interface FilePickerProps {
  readonly picker: { current: HTMLInputElement | null };
  readonly source: SourceView;
}

function FilePicker({ picker, source }: FilePickerProps) {
  return (
    <input
      ref={picker}
      type="file"
      multiple
      hidden
      aria-label="Source map or text"
      class="source-file"
      onChange={(event) => {
        void source.giveFiles([...(event.currentTarget.files ?? [])]);
        event.currentTarget.value = '';
      }}
    />
  );
}

const TEACH_PRESET = 'Recordings of the preset “Detailed” hold the texts of scripts.';
const TEACH_SERVED = `It can be fetched now, if you give leave to read from its server; it may have changed since the recording. Or drop the file, or source maps of any scripts, here. ${TEACH_PRESET}`;
const TEACH_OTHERS = `It was not loaded from a server, so it cannot be fetched. Drop the file, or source maps of any scripts, here. ${TEACH_PRESET}`;
const TEACH_MODULE =
  'Its places are bytes in the module. A source map (emcc -gsource-map, wasm-pack …) tells the functions and lines that it was compiled from: drop it here, with the sources.';

/** Nobody has the text: where it may come from. */
function Missing({ source }: { readonly source: SourceView }) {
  const url = source.place.value?.url ?? '';
  const picker = useRef<HTMLInputElement>(null);
  const isModule = isWebAssembly(url);
  const isServed = /^https?:/i.test(url) && !isModule;
  const first = useFocusWhenAsked<HTMLParagraphElement>(source);
  return (
    <div class="source-missing">
      <p>
        {isModule ? 'WebAssembly has no text: ' : 'The recording does not hold the text of '}
        <span class="code">{shortenMiddle(url, 120)}</span>.
      </p>
      <p class="quiet">{isModule ? TEACH_MODULE : isServed ? TEACH_SERVED : TEACH_OTHERS}</p>
      <p ref={first} tabIndex={-1}>
        {isServed && (
          <button type="button" class="primary-button" onClick={() => void source.fetchText()}>
            Fetch from {hostOf(url)}
          </button>
        )}{' '}
        <button type="button" class="plain-button" onClick={() => picker.current?.click()}>
          Choose files…
        </button>
      </p>
      <FilePicker picker={picker} source={source} />
      <TimesWithoutText source={source} />
    </div>
  );
}

/** Times are known without a text, too. */
function TimesWithoutText({ source }: { readonly source: SourceView }) {
  const url = source.place.value?.url ?? '';
  const found = source.fileTimes.value;
  if (found === null || found.functions.length === 0) return null;
  return (
    <table class="numbers">
      <caption>Its functions in this range:</caption>
      <thead>
        <tr>
          <th scope="col">Function</th>
          <th scope="col" class="number">
            Self, ms
          </th>
          <th scope="col" class="number">
            Total, ms
          </th>
        </tr>
      </thead>
      <tbody>
        {found.functions.slice(0, 20).map(({ name, line, column, self, total }) => (
          <tr key={`${name} ${line}:${column}`}>
            <th scope="row">
              {name} <span class="quiet">{describePlace({ url, line, column })}</span>
            </th>
            <td class="number">{formatWeight(self, 'microseconds')}</td>
            <td class="number">{formatWeight(total, 'microseconds')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');
