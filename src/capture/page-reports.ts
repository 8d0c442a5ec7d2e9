/**
 * What our script in the page reports through its binding, and how it is read back.
 * Shared by that script (injected/vitals.ts) and the recorder, so that both mean the same.
 * The page may forge reports (it owns its renderer): each is checked for shape and size, and is never more than text
 * and numbers. Times: `origin` is the document's time origin, Unix ms.
 */
import { type Header, type UnixMillis, VERSION_METAS } from '../base/index.ts';
import type { VitalEntry, VitalName } from '../recording/index.ts';
import type { CdpParams } from './cdp-session.ts';
import { isObject, parseJson, readNumber, readObject, readText } from './protocol-values.ts';

/** The isolated world that the script lives in: the page's own scripts cannot see it, nor its binding. */
export const PAGE_WORLD = 'pageflame';
export const REPORT_BINDING = 'pageflameReport';
/** The function in that world that waits until every vital is reported, and starts the heartbeat. */
export const SETTLE_FUNCTION = 'pageflameSettle';
/** Set in that world before the script: when the recording was stopped, Unix ms. What came later is none of its. */
export const STOPPED_AT = 'pageflameStoppedAt';

export interface DocumentReport {
  readonly kind: 'document';
  readonly origin: UnixMillis;
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly hidden: boolean;
  /** '' where it does not say. */
  readonly userAgent: string;
  /** Its `meta` tags of {@link REPORTED_METAS}. */
  readonly metas: readonly Header[];
}

export const REPORTED_METAS: readonly string[] = ['traceparent', ...VERSION_METAS];

export interface VitalReport {
  readonly kind: 'vital';
  readonly origin: UnixMillis;
  readonly name: VitalName;
  /** When what it measures happened, Unix ms. */
  readonly at: UnixMillis;
  readonly entry: VitalEntry;
}

export type PageReport =
  | DocumentReport
  | VitalReport
  /** The tab went into the background. */
  | { readonly kind: 'hidden' }
  /** Nothing happened: it only wakes a service worker that was killed while it saved. */
  | { readonly kind: 'beat' };

const RATINGS = ['good', 'needs-improvement', 'poor'] as const;
const NAMES: readonly VitalName[] = ['LCP', 'CLS', 'INP', 'FCP', 'TTFB'];
const PAYLOAD_MAX = 20_000;

/** The report in a binding's payload, or null where it is none of ours. */
export function parsePageReport(payload: string): PageReport | null {
  const value = payload.length <= PAYLOAD_MAX ? parseJson(payload) : null;
  if (!isObject(value)) return null;
  switch (value.kind) {
    case 'document':
      return documentReport(value);
    case 'vital':
      return vitalReport(value);
    case 'hidden':
    case 'beat':
      return { kind: value.kind };
    default:
      return null;
  }
}

function documentReport(value: CdpParams): DocumentReport | null {
  const [origin, width, height, pixelRatio] = ['origin', 'width', 'height', 'pixelRatio'].map((key) =>
    readNumber(value, key),
  );
  if (origin === null || width === null || height === null || pixelRatio === null) return null;
  const metas = REPORTED_METAS.map((name) => ({ name, value: readText(readObject(value, 'metas'), name) }));
  const told = metas.filter(({ value: text }) => text !== '');
  return {
    kind: 'document',
    origin,
    width,
    height,
    pixelRatio,
    hidden: value.hidden === true,
    userAgent: readText(value, 'userAgent'),
    metas: told,
  };
}

function vitalReport(value: CdpParams): VitalReport | null {
  const name = NAMES.find((candidate) => candidate === value.name);
  const rating = RATINGS.find((candidate) => candidate === value.rating);
  const origin = readNumber(value, 'origin');
  const at = readNumber(value, 'at');
  const figure = readNumber(value, 'value');
  if (name === undefined || rating === undefined || origin === null || at === null || figure === null)
    return null;
  const entry = { value: figure, rating, attribution: attributionOf(value) };
  return { kind: 'vital', origin, name, at, entry };
}

function attributionOf(value: CdpParams): VitalEntry['attribution'] {
  const { attribution } = value;
  if (!isObject(attribution)) return {};
  const kept: Record<string, string | number | boolean | null> = {};
  for (const [key, detail] of Object.entries(attribution)) {
    if (typeof detail === 'string') kept[key] = readText(attribution, key);
    else if (typeof detail === 'number' || typeof detail === 'boolean' || detail === null) kept[key] = detail;
  }
  return kept;
}
