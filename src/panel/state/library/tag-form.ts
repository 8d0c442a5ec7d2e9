/**
 * Name and tags while they are being typed, and what earlier ones offer for completion. Pure but for its signals.
 * In: a recording (or a site's tags), the recordings there are, the settings. Out: rows, what is to be said of each, and
 * what is to be kept. Loads with the tags dialog.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { checkTags, type TagProblem } from '../../../backends/index.ts';
import {
  automaticTags,
  defaultRecordingName,
  givenName,
  type Recording,
  type Tags,
} from '../../../recording/index.ts';
import { type TagSettings, tagsOfSite } from '../../../settings/index.ts';
import type { TagChange } from './tagging.ts';

export interface TagRow {
  readonly key: number;
  readonly name: string;
  readonly value: string;
  /** Later recordings of the site have it as well. */
  readonly ofSite: boolean;
}

export interface TagForm {
  /** '' for none of its own. */
  readonly name: Signal<string>;
  readonly rows: Signal<readonly TagRow[]>;
  /** What the recording has of itself, and whether a row stands in its place. */
  readonly automatic: ReadonlySignal<readonly { name: string; value: string; isReplaced: boolean }[]>;
  readonly problems: ReadonlySignal<ReadonlyMap<number, readonly TagProblem[]>>;
  /** Of all of them together: too many. */
  readonly together: ReadonlySignal<readonly TagProblem[]>;
  readonly result: () => TagChange;
}

export function createTagForm(recording: Recording, settings: TagSettings): TagForm {
  const site = tagsOfSite(settings, recording.url);
  const called = signal(givenName(recording));
  const own = Object.entries({ ...recording.siteTags, ...recording.tags });
  const rows = signal(
    own.map(([name, value], key): TagRow => ({ key, name, value, ofSite: site[name] === value })),
  );
  const wasOfSite = new Set(rows.peek().flatMap(({ name, ofSite }) => (ofSite ? [name] : [])));
  const automatic = automaticTags(recording);
  const problems = computed(() => checkRows(rows.value, automatic));
  return {
    name: called,
    rows,
    automatic: computed(() =>
      Object.entries(automatic).map(([name, value]) => ({
        name,
        value,
        isReplaced: rows.value.some((row) => row.name.trim() === name),
      })),
    ),
    problems: computed(() => problems.value.byRow),
    together: computed(() => problems.value.together),
    result() {
      const [ofSite, ofRecording] = [true, false].map((is) =>
        tagsOfRows(rows.peek().filter((row) => row.ofSite === is)),
      );
      const stays = Object.entries(site).filter(([name]) => !wasOfSite.has(name));
      const next = { ...Object.fromEntries(stays), ...ofSite };
      const name = called.peek().trim() || defaultRecordingName(recording.requestedUrl, recording.startedAt);
      return { name, tags: ofRecording, siteTags: ofSite, site: isSame(next, site) ? null : next };
    },
  };
}

/** A row more, empty or with what is given. */
export function addRow(rows: readonly TagRow[], row: Partial<TagRow> = {}): readonly TagRow[] {
  const key = Math.max(-1, ...rows.map((each) => each.key)) + 1;
  return [...rows, { name: '', value: '', ofSite: false, ...row, key }];
}

/** Rows without a name are none. Of two with one name the last counts. */
export function tagsOfRows(rows: readonly TagRow[]): Tags {
  const named = rows.map(({ name, value }) => [name.trim(), value.trim()] as const);
  return Object.fromEntries(named.filter(([name]) => name !== ''));
}

export interface RowProblems {
  readonly byRow: ReadonlyMap<number, readonly TagProblem[]>;
  readonly together: readonly TagProblem[];
}

/** `automatic`: tags that go along, and are not typed here. */
export function checkRows(rows: readonly TagRow[], automatic: Tags): RowProblems {
  const found = checkTags({ ...automatic, ...tagsOfRows(rows) });
  const byRow = new Map<number, readonly TagProblem[]>();
  for (const row of rows) {
    const name = row.name.trim();
    const isTwice = rows.some((other) => other.key > row.key && other.name.trim() === name && name !== '');
    const said = isTwice ? [TWICE] : found.filter(({ label }) => label === name && name !== '');
    // An empty value is how a tag is taken away: the form says so itself.
    byRow.set(
      row.key,
      said.filter(({ weight }) => weight !== 'dropped'),
    );
  }
  return { byRow, together: found.filter(({ label }) => label === '') };
}

const TWICE: TagProblem = {
  label: '',
  weight: 'refused',
  problem: 'This name stands below once more.',
  reason: 'A tag has one value; the last one counts.',
  kinds: [],
};

export interface Vocabulary {
  readonly names: readonly string[];
  readonly valuesOf: (name: string) => readonly string[];
}

const MOST_OFFERED = 50;

/** Names and values of earlier recordings and of sites, the newest first. */
export function gatherVocabulary(recordings: readonly Recording[], { sites }: TagSettings): Vocabulary {
  const values = new Map<string, Set<string>>();
  const sources: Tags[] = [
    ...recordings.flatMap(({ tags, siteTags }) => [tags, siteTags]),
    ...sites.map(({ tags }) => tags),
    ...recordings.map(automaticTags),
  ];
  for (const [name, value] of sources.flatMap((tags) => Object.entries(tags))) {
    const known = values.get(name) ?? new Set();
    if (value !== '') known.add(value);
    values.set(name, known);
  }
  return {
    names: [...values.keys()],
    valuesOf: (name) => [...(values.get(name.trim()) ?? [])].slice(0, MOST_OFFERED),
  };
}

const isSame = (one: Tags, other: Tags): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
