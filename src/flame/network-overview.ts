/**
 * How many requests were under way, by kind, over equal parts of a range: the overview's network lane.
 * In: requests (microseconds of the trace's clock), a range, how many parts. Out: per kind and part the mean number under
 * way, and the bytes that arrived. A request whose end was not recorded is under way to the end of the range; its bytes
 * come evenly between its response and its end. Takes time by requests and parts, not by their product.
 */
import type { NetworkRequest, TimeRange } from '../analysis/index.ts';
import { kindOfRequest, REQUEST_KINDS } from './request-kinds.ts';

export interface NetworkOverview {
  readonly range: TimeRange;
  readonly buckets: number;
  /** Mean number of requests, `REQUEST_KINDS.length` rows of `buckets` entries. */
  readonly underWay: Float32Array;
  /** Bytes over the wire in each part. */
  readonly bytes: Float32Array;
  /** The highest sum of all kinds in one part. */
  readonly most: number;
}

export function sumRequestsOverTime(
  requests: readonly NetworkRequest[],
  range: TimeRange,
  buckets: number,
): NetworkOverview {
  const underWay = new Float32Array(REQUEST_KINDS.length * buckets);
  const bytes = new Float32Array(buckets);
  const span = range.end - range.start;
  if (!(span > 0)) return { range, buckets, underWay, bytes, most: 0 };
  const scale = buckets / span;
  for (const request of requests) {
    const { start, responseStart, encodedBytes } = request;
    const end = request.end ?? range.end;
    const kind = REQUEST_KINDS.indexOf(kindOfRequest(request));
    spread(underWay.subarray(kind * buckets, (kind + 1) * buckets), {
      from: (start - range.start) * scale,
      to: (end - range.start) * scale,
      perPart: 1,
    });
    const from = (Math.min(end, Math.max(start, responseStart ?? start)) - range.start) * scale;
    const to = (end - range.start) * scale;
    if (encodedBytes !== null && encodedBytes > 0)
      spread(bytes, {
        from,
        to: Math.max(to, from + 1e-6),
        perPart: encodedBytes / Math.max(to - from, 1e-6),
      });
  }
  let most = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    let sum = 0;
    for (let kind = 0; kind < REQUEST_KINDS.length; kind++) sum += underWay[kind * buckets + bucket];
    if (sum > most) most = sum;
  }
  return { range, buckets, underWay, bytes, most };
}

/** Adds `perPart` to every part that [from, to) covers, by how much of it it covers. Parts as fractions. */
function spread(
  parts: Float32Array,
  { from, to, perPart }: { readonly from: number; readonly to: number; readonly perPart: number },
): void {
  const start = Math.max(0, from);
  const end = Math.min(parts.length, to);
  for (let part = Math.floor(start); part < end; part++) {
    parts[part] += perPart * (Math.min(part + 1, end) - Math.max(part, start));
  }
}
