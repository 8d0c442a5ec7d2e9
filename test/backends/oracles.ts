/**
 * What real backends answered, request by request (`../shared/oracles`), and how an answer is compared with it.
 * In: the name of an oracle's folder. Out: its cases in the order in which they were sent.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readProfile } from './stand-ins/profile-data.ts';

const FOLDER = new URL('../../../shared/oracles/', import.meta.url);

export interface OracleCase {
  readonly name: string;
  readonly why: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly json?: unknown;
    /** Stands where the body was too long to keep. */
    readonly bytes?: number;
  };
  readonly response: {
    readonly status: number;
    readonly contentType: string;
    readonly json?: unknown;
    readonly text?: string;
    readonly base64?: string;
  };
}

export function readCases(product: 'pyroscope' | 'pyroscope-tenants' | 'parca'): OracleCase[] {
  const folder = new URL(`${product}/`, FOLDER).pathname;
  return readdirSync(folder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** Sends the case's request to `base`; `body` where the case itself keeps none. */
export async function send(
  base: string,
  { request }: OracleCase,
  body: Uint8Array<ArrayBuffer> | null,
): Promise<Response> {
  const { method, path, headers } = request;
  const own = request.json === undefined ? body : JSON.stringify(request.json);
  return fetch(base + path, { method, headers, ...(method === 'GET' || own === null ? {} : { body: own }) });
}

/** What varies from run to run: times, ids, and the space after `proto:`, which Go's library makes unbreakable at random. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( \+0000 UTC|Z)?/g, '<time>'],
  [/[0-9A-HJKMNP-TV-Z]{26}-load/g, '<id>'],
  [/\u00a0/g, ' '],
  [/\b\d{10,19}000000\b/g, '<nanos>'],
];

/** The sentence without what varies. */
export function fixedWords(text: string): string {
  return VARYING.reduce((rest, [pattern, word]) => rest.replace(pattern, word), text);
}

interface Numbers {
  readonly [key: string]: unknown;
}

/**
 * An answer without what varies: flame graphs whole, profiles as stacks with their weights, sentences by their fixed
 * words. A pprof inside is compared by what it means, because the order of its tables is nobody's promise.
 */
export function essence(value: unknown): unknown {
  if (typeof value === 'string') return fixedWords(value);
  if (Array.isArray(value)) return value.map(essence);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Numbers;
  if ('stringTable' in fields) return stacksOfJson(fields);
  if (typeof fields.pprof === 'string')
    return { ...fields, pprof: stacksOfPprof(new Uint8Array(Buffer.from(fields.pprof, 'base64'))) };
  if (typeof fields.flamebearerProfile === 'string')
    return { ...essenceOf(fields), flamebearerProfile: JSON.parse(fields.flamebearerProfile) };
  return essenceOf(fields);
}

function essenceOf(fields: Numbers): Numbers {
  // When something happened; a timeline's samples are one per 15 s of wall clock: what they add up to stays.
  const left = Object.entries(fields).filter(([key]) => key !== 'uploadedAt');
  return Object.fromEntries(
    left.map(([key, each]) => [key, key === 'timeline' ? totalOfTimeline(each) : essence(each)]),
  );
}

function totalOfTimeline(timeline: unknown): unknown {
  if (typeof timeline !== 'object' || timeline === null || !('samples' in timeline)) return timeline;
  const { samples } = timeline;
  return Array.isArray(samples) ? samples.reduce((sum: number, each: number) => sum + each, 0) : samples;
}

export function stacksOfPprof(bytes: Uint8Array): string[] {
  const { kinds, samples } = readProfile(bytes);
  const stacks = samples.map(({ frames, values }) => {
    const path = frames
      .map(({ name, file, line, startLine }) => `${name} ${file}:${startLine}:${line}`)
      .reverse();
    return `${kinds.map(({ type, unit }) => `${type}/${unit}`)} ${path.join(';')} ${values}`;
  });
  return stacks.sort();
}

interface JsonProfile {
  readonly sampleType: readonly { readonly type: string; readonly unit: string }[];
  readonly sample?: readonly { readonly locationId: readonly string[]; readonly value: readonly string[] }[];
  readonly location?: readonly {
    readonly id: string;
    readonly line: readonly { functionId: string; line: string }[];
  }[];
  readonly function?: readonly {
    readonly id: string;
    readonly name: string;
    filename: string;
    startLine: string;
  }[];
  readonly stringTable: readonly string[];
}

function stacksOfJson(value: Numbers): string[] {
  const profile = value as unknown as JsonProfile;
  const text = (row: string): string => profile.stringTable[Number(row)];
  const kinds = profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`);
  const frameOf = (id: string): string => {
    const line = profile.location?.find((location) => location.id === id)?.line[0];
    const called = profile.function?.find((each) => each.id === line?.functionId);
    if (called === undefined || line === undefined) throw new Error(`location ${id} leads nowhere`);
    return `${text(called.name)} ${text(called.filename)}:${called.startLine}:${line.line}`;
  };
  const stacks = (profile.sample ?? []).map(
    (sample) => `${kinds} ${sample.locationId.map(frameOf).reverse().join(';')} ${sample.value}`,
  );
  return stacks.sort();
}

export const zip = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(text));
export const unzipText = (bytes: Uint8Array): string => gunzipSync(bytes).toString();
