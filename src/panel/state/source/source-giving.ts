/**
 * What a user gives to the source view: texts and source maps, dropped, chosen or fetched on his wish; and takes away.
 * In: files, presses. Out: the engine has it, and the view opens its place anew; what was taken away can be given back once.
 * Refuses nothing: failures go to `onFailure`.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { ensure, type Failure, fail, makeFailure, type Result, succeed } from '../../../base/index.ts';
import type {
  EngineApi,
  Keeping,
  MapAnswer,
  MapQuestion,
  OpenId,
  ScriptFacts,
  TextQuestion,
} from '../../../engine/client.ts';
import type { SourcePlace } from '../../../flame/index.ts';
import { countOf } from '../../words/format.ts';
import { readDataText } from './source-lines.ts';

/** What is known of the shown file beside its text. */
export interface FileFacts {
  readonly script: ScriptFacts | null;
  readonly isMapped: boolean;
  /** Scripts whose maps could be fetched, the shown one, too. */
  readonly unmapped: readonly ScriptFacts[];
  /** The place as it ran; null where that is what is shown. */
  readonly generated: SourcePlace | null;
}

/** What was taken away last. */
export interface Taken {
  readonly text: string;
  readonly undo: () => Promise<void>;
}

export interface SourceGiving {
  /** null where nothing was, or something was given since. */
  readonly taken: ReadonlySignal<Taken | null>;
  readonly fetchText: () => Promise<void>;
  readonly fetchMap: () => Promise<void>;
  /** The maps of all scripts that name one. */
  readonly fetchAllMaps: () => Promise<void>;
  readonly takeMapAway: () => Promise<void>;
  readonly takeTextAway: () => Promise<void>;
  /** Source maps, of whichever scripts of the trace they are, or the text itself; one after the other. */
  readonly giveFiles: (files: Iterable<File>) => Promise<void>;
}

export interface GivingOptions {
  readonly engine: EngineApi;
  readonly open: OpenId;
  readonly door: {
    /** Asks the user for leave to read from their origins, once for all of them. */
    readonly fetchTexts: (urls: readonly string[]) => Promise<Result<readonly Result<string>[]>>;
  };
  /** All that names functions asks anew. */
  readonly onRenamed: () => void;
  readonly say: (text: string) => void;
  readonly onFailure: (failure: Failure) => void;
  readonly place: Signal<SourcePlace | null>;
  readonly file: Signal<FileFacts>;
  readonly mapUrl: ReadonlySignal<string>;
  readonly reopen: (place: SourcePlace) => Promise<void>;
}

interface Parts extends GivingOptions {
  readonly taken: Signal<Taken | null>;
}

export function createSourceGiving(options: GivingOptions): SourceGiving {
  const parts: Parts = { ...options, taken: signal(null) };
  return {
    taken: parts.taken,
    async fetchText() {
      const url = parts.place.peek()?.url ?? '';
      const text = await fetchOne(parts, url);
      if (!text.ok) return parts.onFailure(text.failure);
      await giveText(parts, { url, text: text.value, fetchedFrom: url });
    },
    async fetchMap() {
      const url = parts.mapUrl.peek();
      const map = /^data:/i.test(url) ? readDataText(url) : await fetchOne(parts, url);
      if (!map.ok) return parts.onFailure(map.failure);
      await giveMap(parts, { map: map.value, mapUrl: /^data:/i.test(url) ? '' : url, name: '' });
    },
    fetchAllMaps: () => fetchAllMaps(parts),
    takeMapAway: () => giveMap(parts, { map: null, mapUrl: '', name: '' }),
    async takeTextAway() {
      const url = parts.place.peek()?.url ?? '';
      await giveText(parts, { url, text: null, fetchedFrom: '' });
    },
    async giveFiles(files) {
      for (const given of files) await giveFile(parts, given);
    },
  };
}

async function fetchOne({ door }: Parts, url: string): Promise<Result<string>> {
  const fetched = await door.fetchTexts([url]);
  if (!fetched.ok) return fetched;
  return ensure(fetched.value[0], 'each address has an answer');
}

async function fetchAllMaps(parts: Parts): Promise<void> {
  const { engine, open, door, onFailure, onRenamed, say } = parts;
  const shown = parts.place.peek();
  const { unmapped, generated } = parts.file.peek();
  if (shown === null || unmapped.length === 0) return;
  const fetched = await door.fetchTexts(unmapped.map(({ sourceMapUrl }) => sourceMapUrl));
  if (!fetched.ok) return onFailure(fetched.failure);
  let place = generated ?? shown;
  let [scripts, functions] = [0, 0];
  const failures: Failure[] = [];
  for (const [row, { url, sourceMapUrl }] of unmapped.entries()) {
    const map = ensure(fetched.value[row], 'each address has an answer');
    const about = { url, name: '', mapUrl: sourceMapUrl, place: generated ?? shown };
    const given = map.ok ? await engine.mapScript(open, { ...about, map: map.value }) : map;
    if (!given.ok) {
      failures.push(given.failure);
      continue;
    }
    if (given.value.keepFailure !== null) failures.push(given.value.keepFailure);
    scripts++;
    functions += given.value.functions;
    ({ place } = given.value);
  }
  // One tells what is wrong with the others, too.
  if (failures[0] !== undefined) onFailure(failures[0]);
  if (scripts === 0) return;
  onRenamed();
  const missing = unmapped.length - scripts;
  const left = missing === 0 ? '' : ` ${countOf(missing, 'map')} could not be used.`;
  say(
    `${countOf(functions, 'function')} of ${countOf(scripts, 'script')} ${functions === 1 ? 'has' : 'have'} the name and place of a source map now.${left}`,
  );
  await parts.reopen(place);
}

async function giveFile(parts: Parts, given: File): Promise<void> {
  const text = await readFileText(given);
  if (!text.ok) return parts.onFailure(text.failure);
  const url = parts.place.peek()?.url ?? '';
  if (looksLikeMap(given.name, text.value))
    await giveMap(parts, { map: text.value, mapUrl: '', name: given.name });
  else await giveText(parts, { url, text: text.value, fetchedFrom: '' });
}

async function readFileText(file: File): Promise<Result<string>> {
  try {
    return succeed(await file.text());
  } catch (error) {
    // A folder, or a file that was moved or changed since.
    return fail(makeFailure('file-unreadable', { subject: file.name, detail: String(error) }));
  }
}

async function giveText(parts: Parts, question: TextQuestion): Promise<void> {
  const { engine, open, onFailure, say } = parts;
  const place = parts.place.peek();
  if (place === null || question.url === '') return;
  const answer = await engine.giveText(open, question);
  if (!answer.ok) return onFailure(answer.failure);
  if (answer.value.keepFailure !== null) onFailure(answer.value.keepFailure);
  const file = nameOfFile(question.url);
  if (question.text === null) {
    const again = { url: question.url, fetchedFrom: answer.value.taken?.fetchedFrom ?? '' };
    noteTaken(parts, `The text of ${file} was taken away.`, answer.value, (text) =>
      giveText(parts, { ...again, text }),
    );
  } else {
    parts.taken.value = null;
    say(`The text of ${file} is shown. ${tellKept(answer.value)}`);
  }
  await parts.reopen(place);
}

/** The place is opened anew: under its author's name, or as it ran where the map was taken away. */
async function giveMap(parts: Parts, given: Pick<MapQuestion, 'map' | 'mapUrl' | 'name'>): Promise<void> {
  const { engine, open, onFailure, onRenamed, say } = parts;
  const place = parts.place.peek();
  if (place === null) return;
  const generated = parts.file.peek().generated ?? place;
  const answer = await engine.mapScript(open, { ...given, url: generated.url, place: generated });
  if (!answer.ok) return onFailure(answer.failure);
  onRenamed();
  if (answer.value.keepFailure !== null) onFailure(answer.value.keepFailure);
  if (given.map === null) {
    const again = { mapUrl: answer.value.taken?.fetchedFrom ?? '', name: '' };
    const told = 'The source map was taken away: functions have the names that they ran under.';
    noteTaken(parts, told, answer.value, (map) => giveMap(parts, { ...again, map }));
  } else {
    parts.taken.value = null;
    say(tellMapped(answer.value));
  }
  await parts.reopen(answer.value.place);
}

/** It is told where it can be undone. */
function noteTaken(
  { taken, say, onFailure }: Parts,
  text: string,
  { taken: packed }: Keeping,
  giveBack: (text: string) => Promise<void>,
): void {
  if (packed === null) {
    taken.value = null;
    say(text);
    return;
  }
  taken.value = {
    text,
    async undo() {
      const unpacked = await unpack(packed.packed);
      if (unpacked.ok) await giveBack(unpacked.value);
      else onFailure(unpacked.failure);
    },
  };
}

async function unpack(packed: Uint8Array): Promise<Result<string>> {
  const stream = new Blob([Uint8Array.from(packed)]).stream();
  try {
    return succeed(await new Response(stream.pipeThrough(new DecompressionStream('gzip'))).text());
  } catch (error) {
    // The memory is full: it was packed by us.
    return fail(makeFailure('source-too-big', { subject: 'It', detail: String(error) }));
  }
}

function tellMapped(answer: MapAnswer): string {
  const { script, functions } = answer;
  const count = functions === 1 ? 'One function' : `${functions} functions`;
  const file = nameOfFile(script);
  return `${count} of ${file} ${functions === 1 ? 'has' : 'have'} the name and place of the source map now. ${tellKept(answer)}`;
}

const tellKept = ({ isKept }: Keeping): string =>
  isKept ? 'It is kept with the recording.' : 'It holds for as long as this is open.';

const nameOfFile = (url: string): string => url.split(/[?#]/, 1)[0].split('/').at(-1) || url;

/** By its keys: people give maps any name. */
function looksLikeMap(name: string, text: string): boolean {
  return (
    /\.map$/i.test(name) ||
    /^\s*(\)\]\}'[^\n]*\n)?\s*\{[\s\S]{0,4000}"(mappings|sections|sources)"/.test(text)
  );
}
