/**
 * What `push`, and `record … --push`, are told about where to send.
 * In: parsed options. Out: {@link PushTarget}, or why they are wrong usage. Secrets are read from the environment only:
 * a command line is seen by every process of the machine.
 */
import type { ParseArgsConfig } from 'node:util';
import { BACKEND_KINDS, type BackendKind, type Credentials, NO_CREDENTIALS } from '../backends/index.ts';
import type { Micros } from '../base/index.ts';
import type { ThreadChoice } from './open-profiles.ts';
import { readRange, readThread, THREAD_WORDS } from './profile-arguments.ts';

export const PUSH_OPTIONS = {
  to: { type: 'string' },
  kind: { type: 'string' },
  label: { type: 'string', multiple: true },
  tenant: { type: 'string' },
  time: { type: 'string' },
  thread: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  ask: { type: 'string' },
  restamp: { type: 'boolean' },
  'file-names': { type: 'boolean' },
  'source-maps': { type: 'string' },
  preview: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

export interface PushTarget {
  readonly to: string;
  readonly kind: BackendKind;
  readonly labels: Readonly<Record<string, string>>;
  readonly tenant: string | null;
  /** Unix ms of the recording's start; null: as the file says. */
  readonly time: number | null;
  readonly thread: ThreadChoice;
  /** Trace timestamps; null is the trace's own first or last event. */
  readonly range: { readonly from: Micros | null; readonly to: Micros | null };
  /** Where Jaeger is asked. */
  readonly ask: string | null;
  readonly restamp: boolean;
  readonly fileNames: boolean;
  /** A source map or a folder of them; null for none. */
  readonly sourceMaps: string | null;
  /** Show what would leave, and send nothing. */
  readonly preview: boolean;
}

interface PushValues {
  readonly to?: string | undefined;
  readonly kind?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly tenant?: string | undefined;
  readonly time?: string | undefined;
  readonly thread?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly ask?: string | undefined;
  readonly restamp?: boolean | undefined;
  readonly 'file-names'?: boolean | undefined;
  readonly 'source-maps'?: string | undefined;
  readonly preview?: boolean | undefined;
}

/** A text says what is wrong. */
export function readPushTarget(values: PushValues): PushTarget | string {
  const { to, tenant = null, ask = null } = values;
  if (to === undefined) return '--to is missing: the base address of the backend';
  const kind = BACKEND_KINDS.find((each) => each === values.kind);
  if (kind === undefined) return `--kind takes one of ${BACKEND_KINDS.join(', ')}`;
  const odd = [to, ask].find((address) => address !== null && !isAddress(address));
  if (odd !== undefined)
    return `'${odd}' is no address of a backend: give a whole one, such as http://127.0.0.1:4040`;
  if ([to, ask].some((address) => address !== null && holdsSecret(address)))
    return 'user and password belong into the environment (PAGEFLAME_PUSH_USER, PAGEFLAME_PUSH_PASSWORD), not into an address';
  if ([to, ask].some((address) => address !== null && /[?#]/.test(address)))
    return 'give the address of a backend without what begins with ? or #: paths are added to its end';
  const labels = readPairs('label', values.label ?? []);
  if (typeof labels === 'string') return labels;
  const time = values.time === undefined ? null : readTime(values.time);
  if (Number.isNaN(time)) return `--time takes a moment such as 2026-03-01T14:02:33Z`;
  const cut = readCut(values);
  if (typeof cut === 'string') return cut;
  const isCut = [values.thread, values.from, values.until].some((value) => value !== undefined);
  if (isCut && kind === 'otlp-traces')
    return '--thread, --from and --until go with profiles: a trace is of the whole load';
  return {
    to,
    kind,
    ...cut,
    labels,
    tenant,
    time,
    ask,
    restamp: values.restamp ?? false,
    fileNames: values['file-names'] ?? false,
    sourceMaps: values['source-maps'] ?? null,
    preview: values.preview ?? false,
  };
}

function readCut(values: PushValues): Pick<PushTarget, 'thread' | 'range'> | string {
  const thread = readThread(values.thread ?? 'all');
  if (thread === null) return THREAD_WORDS;
  const range = readRange({ from: values.from, to: values.until });
  if ('wrong' in range) return range.wrong.replace('--to', '--until');
  return { thread, range };
}

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** Unix ms; NaN for what is no ISO time: others are read as years, months, or by the machine's language. */
const readTime = (text: string): number => (ISO.test(text) ? Date.parse(text) : Number.NaN);

const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

function holdsSecret(text: string): boolean {
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}

/** The last of one name counts. A text says what is wrong. */
export function readPairs(option: string, pairs: readonly string[]): Record<string, string> | string {
  const odd = pairs.find((pair) => pair.indexOf('=') <= 0);
  if (odd !== undefined) return `--${option} takes name=value, not '${odd}'`;
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readCredentials(environment: Environment): Credentials {
  const {
    PAGEFLAME_PUSH_TOKEN: token,
    PAGEFLAME_PUSH_USER: user,
    PAGEFLAME_PUSH_PASSWORD: password,
  } = environment;
  if (token) return { kind: 'bearer', token };
  return user ? { kind: 'basic', user, password: password ?? '' } : NO_CREDENTIALS;
}
