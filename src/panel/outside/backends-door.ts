/**
 * The backends as the app needs them.
 * In: the book of backends, Chrome's permissions. Out: a BackendsDoor that follows every change of either.
 * Refuses: requests to an origin that the user gave no leave for; without it Chrome would send them as a web page's.
 */
import { signal } from '@preact/signals';
import {
  type Backend,
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
  const { book, leave, wire, onFailure } = options;
  const list = signal<readonly Backend[]>([]);
  const refused = signal<readonly string[]>([]);
  const allowed = signal<ReadonlySet<string>>(new Set());

  const lookAtLeave = async (patterns: readonly string[]): Promise<void> => {
    const given = await Promise.all(patterns.map((pattern) => leave.contains([pattern])));
    const others = [...allowed.peek()].filter((pattern) => !patterns.includes(pattern));
    allowed.value = new Set([...others, ...patterns.filter((_, index) => given[index])]);
  };
  const patternsOf = (backends: readonly Backend[]): string[] =>
    backends.flatMap(({ destination }) => originPatterns(destination));
  const read = async (): Promise<void> => {
    const contents = await book.list();
    if (!contents.ok) return onFailure(contents.failure);
    await lookAtLeave(patternsOf(contents.value.backends));
    list.value = contents.value.backends;
    refused.value = contents.value.refused;
  };
  const giveBack = async (patterns: readonly string[]): Promise<void> => {
    const needed = patternsOf(list.peek());
    for (const pattern of patterns)
      if (!needed.includes(pattern) && (await leave.contains([pattern]))) await leave.remove([pattern]);
    await lookAtLeave(patterns);
  };
  const connectTo = async (
    backend: Backend,
    given: Credentials | null,
  ): Promise<Result<ReturnType<typeof connect>>> => {
    const { destination } = backend;
    const patterns = originPatterns(destination);
    await lookAtLeave(patterns);
    const missing = patterns.find((pattern) => !allowed.peek().has(pattern));
    if (missing !== undefined) {
      const subject = missing.slice(0, -'/*'.length);
      return fail(makeFailure('backend-not-allowed', { subject }));
    }
    if (given !== null) return succeed(connect(destination, given, wire));
    const credentials = await book.credentialsOf(destination.id);
    return credentials.ok ? succeed(connect(destination, credentials.value, wire)) : credentials;
  };

  book.listen(() => void read());
  leave.listen(() => void lookAtLeave(patternsOf(list.peek())));
  await read();
  return {
    list,
    refused,
    allowed,
    giveBack,
    prepare: options.prepare,
    async connect(id) {
      const backend = list.peek().find(({ destination }) => destination.id === id);
      if (backend === undefined) return fail(makeFailure('backend-gone', { subject: 'The backend' }));
      return connectTo(backend, null);
    },
    async put(backend, credentials) {
      const before = list.peek().find(({ destination }) => destination.id === backend.destination.id);
      const put = await book.put(backend, credentials);
      await read();
      if (put.ok && before !== undefined) await giveBack(originPatterns(before.destination));
      return put;
    },
    async remove(id) {
      const before = list.peek().find(({ destination }) => destination.id === id);
      const removed = await book.remove(id);
      await read();
      if (removed.ok && before !== undefined) await giveBack(originPatterns(before.destination));
      return removed;
    },
    // At once: Chrome asks the user only within the click.
    async allow(patterns) {
      const given = await leave.request(patterns);
      await lookAtLeave(patterns);
      return given;
    },
    async test(backend, credentials) {
      const to = await connectTo(backend, credentials);
      return to.ok ? testConnection(to.value) : to;
    },
  };
}
