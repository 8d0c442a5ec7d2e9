/**
 * The ids of a recording's trace and spans: the same for the same recording, so that every try and every backend has
 * the same ones, and a trace id leads back to its recording.
 * In: a recording's id (or what stands for a file without one), and the page's own trace context. Out: lowercase hex.
 */
import type { TraceContext } from '../base/index.ts';

export interface TraceIds {
  /** 32 hex digits: the page's own trace where it carries one. */
  readonly traceId: string;
  /** The `documentLoad` span; the samples' `span_id`, and `pyroscope.profile.id`. 16 hex digits. */
  readonly rootSpanId: string;
  /** The span that the page's trace context names; null for a trace of our own. */
  readonly parentSpanId: string | null;
}

/** `load` is which of the recording's loads this is: the last one is 0. */
export async function deriveTraceIds(seed: string, context: TraceContext | null): Promise<TraceIds> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`pageflame trace ${seed}`));
  const hex = hexOf(new Uint8Array(digest));
  return {
    traceId: context?.traceId ?? notZero(hex.slice(0, 32)),
    rootSpanId: notZero(hex.slice(32, 48)),
    parentSpanId: context?.spanId ?? null,
  };
}

/** As much of a recording as its trace is known by. */
export interface Traced {
  readonly id: string;
  readonly serverTrace: TraceContext | null;
}

/**
 * Which of the recordings a text leads back to that is, or holds, the id of a trace or of a span in it; null where there
 * is none. The first that fits: a server's trace may have served several loads.
 */
export async function findRecordingOfTrace(
  text: string,
  recordings: readonly Traced[],
): Promise<string | null> {
  const wanted = text.toLowerCase().match(/(?<![0-9a-f])([0-9a-f]{32}|[0-9a-f]{16})(?![0-9a-f])/g) ?? [];
  if (wanted.length === 0) return null;
  for (const { id, serverTrace } of recordings) {
    const own = await deriveTraceIds(id, null);
    const isOurs = (one: string): boolean =>
      one === own.traceId || one === serverTrace?.traceId || isSpanUnder(own.rootSpanId, one);
    if (wanted.some(isOurs)) return id;
  }
  return null;
}

const GOLDEN = 0x9e37_79b9_7f4a_7c15n;
/** What undoes a multiplication by it, in 64 bits. */
const GOLDEN_INVERSE = 0xf1de_83e1_9937_733dn;
/** More spans than any load has. */
const SPANS_MAX = 1_000_000n;

/** Whether `spanIdAt` makes `spanId` of that root: index 0 is the root itself. */
function isSpanUnder(rootSpanId: string, spanId: string): boolean {
  if (spanId.length !== 16) return false;
  const step = BigInt(`0x${spanId}`) - BigInt(`0x${rootSpanId}`);
  return BigInt.asUintN(64, step * GOLDEN_INVERSE) < SPANS_MAX;
}

/** The id of the `index`th span under the root, from 1: no two are alike, because the step is odd. */
export function spanIdAt(rootSpanId: string, index: number): string {
  const id = BigInt.asUintN(64, BigInt(`0x${rootSpanId}`) + BigInt(index) * GOLDEN);
  return notZero(id.toString(16).padStart(16, '0'));
}

/** An id of zeros means none. */
const notZero = (hex: string): string => (/^0+$/.test(hex) ? `${hex.slice(1)}1` : hex);

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const bytesOfHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** A short name for bytes that differ. */
export async function fingerprint(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const texts = parts.map((part) => (typeof part === 'string' ? new TextEncoder().encode(part) : part));
  const lengths = texts.map(({ length }) => length).join(' ');
  const whole = new Blob([lengths, ...texts.map((text) => new Uint8Array(text))]);
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', await whole.arrayBuffer()))).slice(0, 32);
}
