/**
 * Choosing a profile of a backend: which backend, kind of profile, time, labels or span; and getting it.
 * In: the backends that are set up, the clock. Out: signals that complete what is typed from what the backend has, and a
 * profile to open. Everything that waits for an answer can be cancelled; failures are signals, with the server's words.
 * Loaded with the dialog that shows it. Times are Unix ms.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import {
  type Backend,
  type Connection,
  linkToGrafanaProfile,
  linkToParca,
  linkToPyroscope,
  parca,
  pyroscope,
} from '../../../backends/index.ts';
import { type Failure, fail, makeFailure, type Result, succeed } from '../../../base/index.ts';
import type { DocumentSource } from '../../../engine/client.ts';
import type { DocumentOrigin } from '../document-view.ts';
import type { BackendsDoor, Clock } from '../doors.ts';

export type MatchSign = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly name: string;
  readonly sign: MatchSign;
  readonly value: string;
}

export const SPANS = [
  { id: '1h', name: 'Last hour', millis: 3_600_000 },
  { id: '6h', name: 'Last 6 hours', millis: 6 * 3_600_000 },
  { id: '24h', name: 'Last 24 hours', millis: 24 * 3_600_000 },
  { id: '7d', name: 'Last 7 days', millis: 7 * 24 * 3_600_000 },
] as const;
export type SpanChoice = (typeof SPANS)[number]['id'] | 'own';

export interface FetchedProfile {
  readonly source: DocumentSource;
  readonly name: string;
  readonly from: DocumentOrigin;
}

export interface BackendQuery {
  /** Those that can be asked for profiles. */
  readonly backends: readonly Backend[];
  /** The chosen one's id. */
  readonly backend: Signal<string>;
  readonly span: Signal<SpanChoice>;
  /** Of one's own choice, Unix ms. */
  readonly own: Signal<{ readonly start: number; readonly end: number }>;
  /** null while they are asked for. */
  readonly types: ReadonlySignal<readonly string[] | null>;
  readonly type: Signal<string>;
  readonly labels: ReadonlySignal<readonly string[]>;
  readonly matchers: Signal<readonly Matcher[]>;
  /** Values of a label that were asked for; empty until they are there. */
  readonly values: ReadonlySignal<ReadonlyMap<string, readonly string[]>>;
  readonly askValues: (name: string) => void;
  /** Only what this span did (Pyroscope); '' for all. */
  readonly spanId: Signal<string>;
  readonly problem: ReadonlySignal<Failure | null>;
  readonly isFetching: ReadonlySignal<boolean>;
  /** As the backend reads it: `process_cpu:…{version="2.3.0"}`. */
  readonly query: ReadonlySignal<string>;
  readonly fetch: () => Promise<FetchedProfile | null>;
  readonly say: (failure: Failure) => void;
  readonly cancel: () => void;
  readonly dispose: () => void;
}

/** Asked for of a span's profile; the server merges what is beyond it. */
const SPAN_NODES = '65 536';
/** What is chosen at first, where there is any of it. */
const FIRST_TYPES = [/^process_cpu:cpu:.*:delta$/, /^process_cpu:cpu:/, /:cpu:nanoseconds/];

export function createBackendQuery(door: BackendsDoor, clock: Clock): BackendQuery {
  const backends = door.list
    .peek()
    .filter(({ destination }) => destination.kind === 'pyroscope' || destination.kind === 'parca');
  const now = clock.now();
  const parts: QueryParts = {
    door,
    clock,
    backends,
    backend: signal(backends[0]?.destination.id ?? ''),
    span: signal<SpanChoice>('1h'),
    own: signal({ start: now - 3_600_000, end: now }),
    types: signal(null),
    type: signal(''),
    labels: signal([]),
    values: signal(new Map()),
    matchers: signal([{ name: 'service_name', sign: '=', value: '' }]),
    spanId: signal(''),
    problem: signal(null),
    isFetching: signal(false),
  };
  const { backend, span, own, types, type, labels, values, matchers, spanId, problem, isFetching } = parts;
  const asking = followKinds(parts);
  let fetching = new AbortController();
  const cancel = (): void => {
    fetching.abort();
    isFetching.value = false;
  };
  return {
    backends,
    backend,
    span,
    own,
    types,
    type,
    labels,
    matchers,
    values,
    spanId,
    problem,
    isFetching,
    query: computed(() => type.value + selectorOf(matchers.value)),
    askValues: (name) => askValues(parts, name, asking.current()),
    fetch() {
      cancel();
      fetching = new AbortController();
      return fetchChosen(parts, fetching.signal);
    },
    say(failure) {
      problem.value = failure;
    },
    cancel,
    dispose() {
      asking.stop();
      fetching.abort();
    },
  };
}

interface QueryParts {
  readonly door: BackendsDoor;
  readonly clock: Clock;
  readonly backends: readonly Backend[];
  readonly backend: Signal<string>;
  readonly span: Signal<SpanChoice>;
  readonly own: Signal<TimeSpan>;
  readonly types: Signal<readonly string[] | null>;
  readonly type: Signal<string>;
  readonly labels: Signal<readonly string[]>;
  readonly values: Signal<ReadonlyMap<string, readonly string[]>>;
  readonly matchers: Signal<readonly Matcher[]>;
  readonly spanId: Signal<string>;
  readonly problem: Signal<Failure | null>;
  readonly isFetching: Signal<boolean>;
}

function rangeOf({ span, own, clock }: QueryParts): TimeSpan {
  const chosen = SPANS.find(({ id }) => id === span.value);
  if (chosen === undefined) return own.value;
  const end = clock.now();
  return { start: end - chosen.millis, end };
}

async function connectTo({ door, backend }: QueryParts, abort: AbortSignal): Promise<Result<Connection>> {
  const connected = await door.connect(backend.peek());
  return connected.ok ? succeed(untilAborted(connected.value, abort)) : connected;
}

/** Asks what there is, whenever the backend or the time is another. */
function followKinds(parts: QueryParts): { readonly stop: () => void; readonly current: () => AbortSignal } {
  const { backend, types, type, labels, values, problem } = parts;
  let asking = new AbortController();
  const ask = async (time: TimeSpan, abort: AbortSignal): Promise<void> => {
    const to = await connectTo(parts, abort);
    const found = to.ok ? await listKinds(to.value, time) : to;
    if (abort.aborted) return;
    problem.value = found.ok ? null : found.failure;
    const list = found.ok ? found.value.types : [];
    types.value = list;
    labels.value = found.ok ? found.value.labels : [];
    const first = FIRST_TYPES.flatMap((kind) => list.find((id) => kind.test(id)) ?? [])[0];
    if (!list.includes(type.peek())) type.value = first ?? list[0] ?? '';
  };
  const stop = effect(() => {
    const time = rangeOf(parts);
    if (backend.value === '') return undefined;
    const abort = new AbortController();
    asking = abort;
    types.value = null;
    values.value = new Map();
    void ask(time, abort.signal);
    return () => abort.abort();
  });
  return { stop, current: () => asking.signal };
}

function askValues(parts: QueryParts, name: string, abort: AbortSignal): void {
  const { values } = parts;
  if (name === '' || values.peek().has(name)) return;
  values.value = new Map(values.peek()).set(name, []);
  void connectTo(parts, abort).then(async (to) => {
    const found = to.ok ? await listValues(to.value, name, rangeOf(parts)) : to;
    // Without them one types; what is wrong with the backend is told by what else is asked.
    if (!abort.aborted && found.ok) values.value = new Map(values.peek()).set(name, found.value);
  });
}

async function fetchChosen(parts: QueryParts, abort: AbortSignal): Promise<FetchedProfile | null> {
  const { backends, backend, type, matchers, spanId, problem, isFetching } = parts;
  isFetching.value = true;
  problem.value = null;
  const to = await connectTo(parts, abort);
  const selector = selectorOf(matchers.peek());
  const wanted = { type: type.peek(), selector, spanId: spanId.peek().trim(), ...rangeOf(parts) };
  const got = to.ok ? await fetchProfile(to.value, wanted) : to;
  if (abort.aborted) return null;
  isFetching.value = false;
  if (!got.ok) {
    problem.value = got.failure;
    return null;
  }
  const chosen = backends.find(({ destination }) => destination.id === backend.peek());
  return chosen === undefined ? null : describe(chosen, wanted, got.value);
}

interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

interface Wanted extends TimeSpan {
  readonly type: string;
  readonly selector: string;
  readonly spanId: string;
}

/** `{a="b",c!~"d"}`; those without a value say nothing. */
export function selectorOf(matchers: readonly Matcher[]): string {
  const parts = matchers
    .filter(({ name, value }) => name.trim() !== '' && value !== '')
    .map(({ name, sign, value }) => `${name.trim()}${sign}${JSON.stringify(value)}`);
  return `{${parts.join(',')}}`;
}

/** The same connection, whose requests end with the signal. */
function untilAborted(to: Connection, abort: AbortSignal): Connection {
  const { wire } = to;
  return {
    ...to,
    wire: {
      ...wire,
      fetch: (input, init) => {
        const signals = [abort, ...(init?.signal == null ? [] : [init.signal])];
        return wire.fetch(input, { ...init, signal: AbortSignal.any(signals) });
      },
    },
  };
}

async function listKinds(
  to: Connection,
  time: TimeSpan,
): Promise<Result<{ readonly types: string[]; readonly labels: string[] }>> {
  const isParca = to.destination.kind === 'parca';
  const types = await (isParca ? parca.listTypes(to) : pyroscope.listProfileTypes(to, time));
  if (!types.ok) return types;
  const labels = await (isParca ? parca.listLabels(to) : pyroscope.listLabels(to, time));
  return labels.ok ? succeed({ types: types.value, labels: labels.value }) : labels;
}

const listValues = (to: Connection, name: string, time: TimeSpan): Promise<Result<string[]>> =>
  to.destination.kind === 'parca'
    ? parca.listLabelValues(to, name, time)
    : pyroscope.listLabelValues(to, name, time);

async function fetchProfile(
  to: Connection,
  { type, selector, spanId, start, end }: Wanted,
): Promise<Result<DocumentSource>> {
  const name = `${type}${selector}`;
  if (to.destination.kind === 'pyroscope' && spanId !== '') {
    const selection = { profileType: type, selector, start, end };
    const profile = await pyroscope.fetchSpanProfile(to, selection, spanId);
    return profile.ok
      ? succeed({ kind: 'profiles', name, format: 'pprof', profiles: [profile.value] })
      : profile;
  }
  const pprofs = await (to.destination.kind === 'parca'
    ? parca.fetchPprofs(to, { query: name, start, end })
    : pyroscope.fetchPprofs(to, { profileType: type, selector, start, end }));
  if (!pprofs.ok) return pprofs;
  const files = pprofs.value.map((pprof) => new Blob([pprof.slice()]));
  if (files.length === 0) return fail(makeFailure('backend-no-profile', { subject: name }));
  return succeed(
    files.length === 1 ? { kind: 'file', name, file: files[0] } : { kind: 'parts', name, files },
  );
}

const PRODUCTS = { pyroscope: 'Pyroscope', parca: 'Parca' } as const;

function describe(backend: Backend, wanted: Wanted, source: DocumentSource): FetchedProfile {
  const { destination } = backend;
  const kind = destination.kind === 'parca' ? 'parca' : 'pyroscope';
  const host = URL.canParse(destination.url) ? new URL(destination.url).host : destination.url;
  const { type, selector, spanId, start, end } = wanted;
  return {
    source,
    name: `${selector === '{}' ? type : selector}${spanId === '' ? '' : ` span ${spanId}`}`,
    from: {
      title: `${PRODUCTS[kind]} at ${host}`,
      facts: [
        ['Backend', destination.url],
        ['Query', type + selector],
        ...(spanId === '' ? [] : [['Span', spanId] as const]),
        ['From', new Date(start).toISOString()],
        ['To', new Date(end).toISOString()],
      ],
      page: pageOf(backend, wanted),
      limit:
        spanId === '' || kind === 'parca'
          ? ''
          : `Of a span the backend tells names alone, and at most ${SPAN_NODES} nodes: smaller ones are merged as “other”.`,
    },
  };
}

function pageOf({ destination, grafana }: Backend, { type, selector, start, end }: Wanted): string {
  const selection = { profileType: type, selector, start, end };
  if (destination.kind === 'parca')
    return linkToParca(destination.url, { query: type + selector, start, end });
  return grafana === null
    ? linkToPyroscope(destination.url, selection)
    : linkToGrafanaProfile(grafana, selection);
}
