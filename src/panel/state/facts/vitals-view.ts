/**
 * Web vitals → rows to show: value in words, rating as word and shape, attribution as pairs. Pure.
 * In: the recording's vitals, and what the trace alone tells of them. Out: one row per vital, always the same five in the
 * same order. A vital that was not measured in the page is shown as the trace tells it, without a rating; one that
 * neither knows reads as an en dash with the reason.
 */
import type { OpenedRecording } from '../../../engine/client.ts';

import { formatDuration } from '../../../flame/index.ts';
import type { VitalEntry, VitalName, Vitals } from '../../../recording/index.ts';
import { UNKNOWN } from '../../words/format.ts';

export type Rating = VitalEntry['rating'];

export interface VitalRow {
  readonly name: VitalName;
  readonly fullName: string;
  /** `1.9 s`, `0.02`, or an en dash. */
  readonly value: string;
  readonly rating: Rating | null;
  /** The rating as a word, or why there is none. */
  readonly word: string;
  readonly attribution: readonly (readonly [string, string])[];
}

const VITAL_ORDER: readonly VitalName[] = ['LCP', 'CLS', 'INP', 'FCP', 'TTFB'];

const FULL_NAMES: Readonly<Record<VitalName, string>> = {
  LCP: 'Largest contentful paint',
  CLS: 'Cumulative layout shift',
  INP: 'Interaction to next paint',
  FCP: 'First contentful paint',
  TTFB: 'Time to first byte',
};

const RATING_WORDS: Readonly<Record<Rating, string>> = {
  good: 'good',
  'needs-improvement': 'needs improvement',
  poor: 'poor',
};

type TraceVitals = OpenedRecording['vitals'];
const IN_TRACE = { LCP: 'lcp', CLS: 'cls', INP: 'inp', FCP: 'fcp', TTFB: 'ttfb' } as const;

/** The five vitals as rows. `traced` is null while or where there is no trace. */
export function viewVitals(vitals: Vitals, traced: TraceVitals | null = null): readonly VitalRow[] {
  return VITAL_ORDER.map((name) => {
    const entry = name === 'CLS' ? fullCls(vitals.CLS, traced) : vitals[name];
    const fullName = FULL_NAMES[name];
    if (entry === null) return viewTraced(name, traced?.[IN_TRACE[name]] ?? null);
    return {
      name,
      fullName,
      value: formatVital(name, entry.value),
      rating: entry.rating,
      word: RATING_WORDS[entry.rating],
      attribution: viewAttribution(entry),
    };
  });
}

/**
 * The page misses layout shifts while Chrome's debugging bar resizes it; the trace has them all (analysis/vitals.ts).
 * Thresholds: web.dev/articles/cls.
 */
function fullCls(entry: VitalEntry | null, traced: TraceVitals | null): VitalEntry | null {
  if (entry === null || traced === null || traced.cls === null || traced.cls <= entry.value) return entry;
  const rating = traced.cls > 0.25 ? 'poor' : traced.cls > 0.1 ? 'needs-improvement' : 'good';
  return { value: traced.cls, rating, attribution: entry.attribution };
}

function viewTraced(name: VitalName, value: number | null): VitalRow {
  const unknown = name === 'INP' ? 'no interaction' : 'not measured';
  return {
    name,
    fullName: FULL_NAMES[name],
    value: value === null ? UNKNOWN : formatVital(name, value),
    rating: null,
    word: value === null ? unknown : 'from the trace',
    attribution: [],
  };
}

function formatVital(name: VitalName, value: number): string {
  return name === 'CLS' ? String(Number(value.toFixed(3))) : formatDuration(value * 1_000);
}

/** Camel-case keys as words; numbers are milliseconds in web-vitals' attribution, except scores. */
function viewAttribution(entry: VitalEntry): readonly (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [];
  for (const [key, value] of Object.entries(entry.attribution)) {
    if (value === null || value === '') continue;
    const words = key.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
    const label = words.charAt(0).toUpperCase() + words.slice(1);
    if (typeof value !== 'number') rows.push([label, String(value)]);
    else if (/score|value|shift value/i.test(key)) rows.push([label, String(Number(value.toFixed(3)))]);
    else rows.push([label, formatDuration(value * 1_000)]);
  }
  return rows;
}
