/**
 * Web vitals → rows to show: value in words, rating as word and shape, attribution as pairs. Pure.
 * In: the recording's vitals. Out: one row per vital, always the same five in the same order. Refuses nothing:
 * a vital that was not measured reads as an en dash with the reason.
 */

import { formatDuration } from '../../flame/index.ts';
import type { VitalEntry, VitalName, Vitals } from '../../recording/index.ts';
import { UNKNOWN } from '../words/format.ts';

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

/** The five vitals as rows. */
export function viewVitals(vitals: Vitals): readonly VitalRow[] {
  return VITAL_ORDER.map((name) => {
    const entry = vitals[name];
    const fullName = FULL_NAMES[name];
    if (entry === null) {
      const word = name === 'INP' ? 'no interaction' : 'not measured';
      return { name, fullName, value: UNKNOWN, rating: null, word, attribution: [] };
    }
    return {
      name,
      fullName,
      value: name === 'CLS' ? String(Number(entry.value.toFixed(3))) : formatDuration(entry.value * 1_000),
      rating: entry.rating,
      word: RATING_WORDS[entry.rating],
      attribution: viewAttribution(entry),
    };
  });
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
