/**
 * The backends as the app needs them.
 * In: the book of backends, Chrome's permissions. Out: a BackendsDoor that follows every change of either.
 * Refuses: requests to an origin that the user gave no leave for; without it Chrome would send them as a web page's.
 */
import { type Signal, signal } from '@preact/signals';
import {
  type Backend,
  type Connection,
  type Credentials,
  connect,
  type DestinationBook,
  originPatterns,
  testConnection,
  type Wire,
} from '../../backends/index.ts';
import { type Failure, fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import type { BackendsDoor } from '../state/doors.ts';

/** As much of Chrome's permissions as is used. */
export interface OriginLeave {
  contains(origins: readonly string[]): Promise<boolean>;
  request(origins: readonly string[]): Promise<boolean>;
  remove(origins: readonly string[]): Promise<boolean>;
  /** Leave was given or taken back, here or on Chrome's own pages. */
  listen(listener: () => void): void;
}

export interface BackendsDoorOptions {
  readonly book: DestinationBook;
  readonly leave: OriginLeave;
  readonly wire: Wire;
  readonly prepare: BackendsDoor['prepare'];
  readonly onFailure: (failure: Failure) => void;
}

/** Resolves when the backends have been read once. */
export async function createBackendsDoor(options: BackendsDoorOptions): Promise<BackendsDoor> {
  const { book, onFailure } = options;
  const list = signal<readonly Backend[]>([]);
  const refused = signal<readonly string[]>([]);
  const leave = watchLeave(options.leave);
  const find = (id: string): Backend | undefined =>
    list.peek().find(({ destination }) => destination.id === id);
  const read = async (): Promise<void> => {
    const contents = await book.list();
    if (!contents.ok) return onFailure(contents.failure);
    await leave.look(patternsOf(contents.value.backends));
    list.value = contents.value.backends;
    refused.value = contents.value.refused;
  };
  const giveBack = (patterns: readonly string[]): Promise<void> =>
    leave.giveBack(patterns, patternsOf(list.peek()));
  /** Where it was before a change nothing may need to be reached any more. */
  const change = async (id: string, work: () => Promise<Result<void>>): Promise<Result<void>> => {
    const before = find(id);
    const changed = await work();
    await read();
    if (changed.ok && before !== undefined) await giveBack(originPatterns(before.destination));
    return changed;
  };

  book.listen(() => void read());
  options.leave.listen(() => void leave.look(patternsOf(list.peek())));
  await read();
  return {
    list,
    refused,
    allowed: leave.allowed,
    giveBack,
    prepare: options.prepare,
    async connect(id) {
      const backend = find(id);
      if (backend === undefined) return fail(makeFailure('backend-gone', { subject: 'The backend' }));
      return connectTo(options, leave, backend, null);
    },
    put: (backend, credentials) => change(backend.destination.id, () => book.put(backend, credentials)),
    remove: (id) => change(id, () => book.remove(id)),
    allow: leave.ask,
    async test(backend, credentials) {
      const to = await connectTo(options, leave, backend, credentials);
      return to.ok ? testConnection(to.value) : to;
    },
  };
}

const patternsOf = (backends: readonly Backend[]): string[] =>
  backends.flatMap(({ destination }) => originPatterns(destination));

/** The leave that there is, as a signal. */
interface WatchedLeave {
  readonly allowed: Signal<ReadonlySet<string>>;
  readonly look: (patterns: readonly string[]) => Promise<void>;
  readonly ask: (patterns: readonly string[]) => Promise<boolean>;
  readonly giveBack: (patterns: readonly string[], needed: readonly string[]) => Promise<void>;
}

function watchLeave(leave: OriginLeave): WatchedLeave {
  const allowed = signal<ReadonlySet<string>>(new Set());
  const look = async (patterns: readonly string[]): Promise<void> => {
    const given = await Promise.all(patterns.map((pattern) => leave.contains([pattern])));
    const others = [...allowed.peek()].filter((pattern) => !patterns.includes(pattern));
    allowed.value = new Set([...others, ...patterns.filter((_, index) => given[index])]);
  };
  return {
    allowed,
    look,
    // At once: Chrome asks the user only within the click.
    async ask(patterns) {
      const given = await leave.request(patterns);
      await look(patterns);
      return given;
    },
    async giveBack(patterns, needed) {
      for (const pattern of patterns)
        if (!needed.includes(pattern) && (await leave.contains([pattern]))) await leave.remove([pattern]);
      await look(patterns);
    },
  };
}

/** `given`: credentials to try; null takes those that are kept. */
async function connectTo(
  { book, wire }: Pick<BackendsDoorOptions, 'book' | 'wire'>,
  leave: WatchedLeave,
  { destination }: Backend,
  given: Credentials | null,
): Promise<Result<Connection>> {
  const patterns = originPatterns(destination);
  await leave.look(patterns);
  const missing = patterns.find((pattern) => !leave.allowed.peek().has(pattern));
  if (missing !== undefined)
    return fail(makeFailure('backend-not-allowed', { subject: missing.slice(0, -'/*'.length) }));
  if (given !== null) return succeed(connect(destination, given, wire));
  const credentials = await book.credentialsOf(destination.id);
  return credentials.ok ? succeed(connect(destination, credentials.value, wire)) : credentials;
}
