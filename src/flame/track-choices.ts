/**
 * What can be done to tracks: collapse and open, hide and bring back, pin, move. Pure: choices in, choices out.
 * A group takes its tracks along. Refuses: moves out of a group or past the ends (the same choices come back).
 */
import { orderTracks, visibleTracks } from './arrangement.ts';
import type { Chart, Track, TrackChoices } from './chart.ts';

/** Open are the threads that run scripts; in one line each all else, so that these stay in sight. */
export function initialTrackChoices(chart: Chart): TrackChoices {
  const collapsed = chart.tracks.filter(isCollapsedAtFirst).map(({ key }) => key);
  return { collapsed: new Set(collapsed), hidden: new Set(), pinned: [], order: [], showEmpty: false };
}

function isCollapsedAtFirst({ kind, role }: Track): boolean {
  if (kind === 'group') return false;
  return kind !== 'thread' || (role !== 'main' && role !== 'worker' && role !== 'service-worker');
}

export const NO_TRACK_CHOICES: TrackChoices = {
  collapsed: new Set(),
  hidden: new Set(),
  pinned: [],
  order: [],
  showEmpty: false,
};

/** The choices with a track opened or collapsed. */
export const toggleTrack = (choices: TrackChoices, key: string): TrackChoices => ({
  ...choices,
  collapsed: toggled(choices.collapsed, key),
});

export const hideTrack = (choices: TrackChoices, key: string): TrackChoices => ({
  ...choices,
  hidden: new Set([...choices.hidden, key]),
});

export const bringBackTrack = (choices: TrackChoices, key: string): TrackChoices => ({
  ...choices,
  hidden: new Set([...choices.hidden].filter((each) => each !== key)),
});

/** The choices with a track in sight, out of a hidden or collapsed group as well; open where `opened` is asked for. */
export function revealTrack(choices: TrackChoices, { key, group }: Track, opened: boolean): TrackChoices {
  const isHidden = choices.hidden.has(key) || choices.hidden.has(group);
  const isShut = choices.collapsed.has(group) || (opened && choices.collapsed.has(key));
  if (!isHidden && !isShut) return choices;
  const without = (set: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> =>
    new Set([...set].filter((each) => !keys.includes(each)));
  return {
    ...choices,
    hidden: without(choices.hidden, [key, group]),
    collapsed: without(choices.collapsed, opened ? [key, group] : [group]),
  };
}

export const bringBackAllTracks = (choices: TrackChoices): TrackChoices => ({
  ...choices,
  hidden: new Set(),
});

export const togglePinned = (choices: TrackChoices, key: string): TrackChoices => ({
  ...choices,
  pinned: choices.pinned.includes(key)
    ? choices.pinned.filter((each) => each !== key)
    : [...choices.pinned, key],
});

/** Only this track is to be seen, with its group and what is in it. */
export function hideAllOthers(chart: Chart, choices: TrackChoices, key: string): TrackChoices {
  const own = chart.tracks.find((track) => track.key === key);
  if (own === undefined) return choices;
  const isKept = (track: Track): boolean =>
    track.key === key || track.group === key || track.key === own.group;
  return {
    ...choices,
    hidden: new Set(chart.tracks.filter((track) => !isKept(track)).map((track) => track.key)),
  };
}

/** One place up (-1) or down (1) among those that stand beside it: pinned ones, those of its group, or all others. */
export function moveTrack(chart: Chart, choices: TrackChoices, key: string, step: -1 | 1): TrackChoices {
  const beside = neighboursOf(chart, choices, key);
  const at = beside.findIndex((track) => track.key === key);
  const goal = beside[at + step];
  if (at < 0 || goal === undefined) return choices;
  return placeTrack(chart, choices, { key, beside: goal.key, after: step === 1 });
}

export interface Placing {
  readonly key: string;
  readonly beside: string;
  /** Behind it, not before it. */
  readonly after: boolean;
}

/** Puts a track before or behind another one that stands beside it. */
export function placeTrack(
  chart: Chart,
  choices: TrackChoices,
  { key, beside, after }: Placing,
): TrackChoices {
  const among = neighboursOf(chart, choices, key).map((track) => track.key);
  if (key === beside || !among.includes(beside)) return choices;
  if (choices.pinned.includes(key))
    return { ...choices, pinned: putBeside(choices.pinned, { key, beside, after }) };
  const all = orderTracks(chart, choices).map((track) => track.key);
  return { ...choices, order: putBeside(all, { key, beside, after }) };
}

/** What a track can change places with, in order of showing. */
export function neighboursOf(chart: Chart, choices: TrackChoices, key: string): readonly Track[] {
  const shown = visibleTracks(chart, choices);
  const own = shown.find((track) => track.key === key);
  if (own === undefined) return [];
  if (choices.pinned.includes(key))
    return choices.pinned.flatMap((pinned) => shown.filter((track) => track.key === pinned));
  return shown.filter((track) => track.group === own.group && !choices.pinned.includes(track.key));
}

function putBeside(keys: readonly string[], { key, beside, after }: Placing): string[] {
  const others = keys.filter((each) => each !== key);
  others.splice(others.indexOf(beside) + (after ? 1 : 0), 0, key);
  return others;
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const changed = new Set(set);
  if (!changed.delete(key)) changed.add(key);
  return changed;
}

/** What the user has changed, as it is kept with a recording; order and pins are theirs alone. */
export interface TrackChanges {
  readonly opened: readonly string[];
  readonly collapsed: readonly string[];
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
  readonly order: readonly string[];
}

/** The first choices with what was kept. */
export function choicesFrom(chart: Chart, changes: TrackChanges): TrackChoices {
  const first = initialTrackChoices(chart);
  const collapsed = new Set([...first.collapsed, ...changes.collapsed]);
  for (const key of changes.opened) collapsed.delete(key);
  return {
    ...first,
    collapsed,
    hidden: new Set(changes.hidden),
    pinned: changes.pinned,
    order: changes.order,
  };
}

/** What of the choices is the user's own. Of tracks that this chart does not have nothing changes. */
export function changesOf(chart: Chart, choices: TrackChoices, before: TrackChanges): TrackChanges {
  const first = initialTrackChoices(chart).collapsed;
  const here = new Set(chart.tracks.map(({ key }) => key));
  const elsewhere = (keys: readonly string[]): string[] => keys.filter((key) => !here.has(key));
  const keys = [...here];
  return {
    opened: [
      ...elsewhere(before.opened),
      ...keys.filter((key) => first.has(key) && !choices.collapsed.has(key)),
    ],
    collapsed: [
      ...elsewhere(before.collapsed),
      ...keys.filter((key) => !first.has(key) && choices.collapsed.has(key)),
    ],
    hidden: [...choices.hidden],
    pinned: choices.pinned,
    order: choices.order,
  };
}
