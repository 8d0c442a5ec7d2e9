/**
 * `pageflame push FILE --to BASEURL --kind …`: sends a recording or trace to a backend.
 * In: a file, where to, labels. Out: what was sent and where to look at it; exit code 0, or 1 with one line on stderr.
 * What could not be sent is kept, and the next push of the same file to the same place takes it up: each part arrives
 * once, because the backend is asked before anything is sent again.
 */
import { stat } from 'node:fs/promises';
import {
  type Cargo,
  DEFAULT_REDACTION,
  type Destination,
  planShipment,
  previewShipment,
} from '../backends/index.ts';
import { type Result, succeed } from '../base/index.ts';
import { loadCargo, profileCargo } from '../engine/index.ts';
import type { StackProfile } from '../profile/index.ts';
import { nameOfFile, STDIN } from './open-file.ts';
import { chooseProfiles, chooseThreads, openProfiles } from './open-profiles.ts';
import type { PushTarget } from './push-arguments.ts';
import { deliver } from './push-delivery.ts';
import { describePreview, describeShipment } from './push-words.ts';
import { printable, reportFailure } from './report.ts';
import { windowOf } from './window.ts';

export interface PushOptions extends PushTarget {
  readonly file: string;
}

export async function runPush(options: PushOptions): Promise<number> {
  const pushed = await push(options);
  return pushed.ok ? 0 : reportFailure(pushed.failure);
}

async function push(options: PushOptions): Promise<Result<undefined>> {
  const read = await readCargo(options);
  if (!read.ok) return read;
  const cargo = read.value;
  const destination = destinationOf(options);
  const age = options.restamp ? 'restamp' : 'ad-hoc';
  const plan = await planShipment(cargo, destination, { now: Date.now(), age });
  if (!plan.ok) return plan;
  const { problems, notes } = plan.value;
  for (const { label, problem, reason } of problems)
    process.stderr.write(printLine(`label ${label}: ${problem} ${reason}`));
  for (const note of notes) process.stderr.write(printLine(note));
  if (options.preview) {
    process.stdout.write(describePreview(previewShipment(plan.value, destination), options));
    return succeed(undefined);
  }
  const isRestamped = plan.value.tooOld && options.restamp;
  const sent = await deliver({ plan: plan.value, destination, name: cargo.name, isRestamped });
  if (sent.ok)
    process.stdout.write(describeShipment({ plan: plan.value, deliveries: sent.value, destination }));
  return sent.ok ? succeed(undefined) : sent;
}

function destinationOf({ to, kind, labels, tenant, ask, fileNames }: PushOptions): Destination {
  return {
    id: JSON.stringify([kind, to, tenant]),
    kind,
    url: to,
    queryUrl: ask,
    tenant,
    labels,
    redaction: DEFAULT_REDACTION,
    frameNames: fileNames ? 'with-file' : 'bare',
  };
}

async function readCargo(options: PushOptions): Promise<Result<Cargo>> {
  const opened = await openProfiles(options.file, options.sourceMaps);
  if (!opened.ok) return opened;
  const { subject: name, file } = opened.value;
  if (opened.value.kind === 'profiles') {
    const chosen = chooseProfiles(opened.value, { thread: options.thread, ...options.range, jsOnly: false });
    if (!chosen.ok) return chosen;
    const profiles = chosen.value;
    const seed = await seedOfFile(file);
    const [{ range, startUnixMillis }] = opened.value.profiles;
    const known = startUnixMillis === null ? null : startUnixMillis - range.start / 1000;
    return succeed(
      profileCargo(profiles, { seed, name, unixMillisAtZero: await clockOf(range, known, options) }),
    );
  }
  const { trace } = opened.value;
  const { bounds, unixMillisAtZero: known } = trace.tables;
  const seed = trace.recording?.id ?? (await seedOfFile(file));
  const unixMillisAtZero = await clockOf(bounds, known, options);
  const { from, to } = options.range;
  const isPart = from !== null || to !== null;
  const cargo = loadCargo(trace, {
    seed,
    name,
    unixMillisAtZero,
    ...(isPart ? { range: windowOf(options.range, bounds) } : {}),
  });
  const threads = chooseThreads(trace, options.thread, name);
  if (options.thread === 'all' || !threads.ok) return threads.ok ? succeed(cargo) : threads;
  const { pid, tid } = trace.tables.threads;
  const isChosen = ({ thread }: StackProfile): boolean =>
    threads.value.some((row) => pid[row] === thread.pid && tid[row] === thread.tid);
  return succeed({ ...cargo, profiles: cargo.profiles.filter(isChosen) });
}

/** A file without an id of its own is known by what is in it. */
export async function seedOfFile(file: Blob): Promise<string> {
  const ends = new Blob([
    file.slice(0, 1 << 20),
    file.slice(Math.max(0, file.size - (1 << 20))),
    String(file.size),
  ]);
  const digest = await crypto.subtle.digest('SHA-256', await ends.arrayBuffer());
  return Buffer.from(digest).toString('hex').slice(0, 32);
}

/** Unix ms at the file's time 0: as the user says, as the file knows, else as if it had been written at its end. */
async function clockOf(
  { start, end }: StackProfile['range'],
  known: number | null,
  { time, file }: PushOptions,
): Promise<number> {
  if (time !== null) return time - start / 1000;
  if (known !== null) return known;
  const mtimeMs = file === STDIN ? Date.now() : (await stat(file)).mtimeMs;
  process.stderr.write(
    printLine(
      `${nameOfFile(file)} does not say when it was recorded: it is taken to have ended when the file was written, ${new Date(mtimeMs).toISOString()}. Say --time to set its start.`,
    ),
  );
  return mtimeMs - end / 1000;
}

const printLine = (text: string): string => `${printable(text)}\n`;
