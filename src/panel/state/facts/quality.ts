/**
 * How far a recording can be trusted: its capture quality, as notes in words. Pure.
 * In: what is known of the recording (null for a bare trace file) and the reader's diagnostics (null before the trace
 * is read). Out: notes, worst first, and one short mark over them. Refuses nothing.
 */

import type { OpenedRecording } from '../../../engine/client.ts';
import { presetOf, type Recording, type StopReason } from '../../../recording/index.ts';
import type { Diagnostics } from '../../../trace/index.ts';
import { countOf } from '../../words/format.ts';
import { type ContentFacts, contentNotes } from './content-notes.ts';
import type { QualityLevel, QualityNote } from './quality-note.ts';

export interface Quality {
  readonly notes: readonly QualityNote[];
  /** The worst level; `good` where there is nothing worse than facts. */
  readonly mark: 'good' | 'caution' | 'bad';
  /** `good`, `good, 1 note`, `cut off`, `2 cautions`: for the summary line. */
  readonly label: string;
}

const LEVEL_ORDER: readonly QualityLevel[] = ['bad', 'caution', 'fact'];

const STOP_SENTENCES: Readonly<Record<StopReason, string>> = {
  quiet: 'The page went quiet first.',
  'load-timeout': 'The page did not go quiet after its load event, so the recording ended at its time limit.',
  'time-limit': 'The recording ended at its time limit.',
  user: 'It was stopped by hand.',
};

/** What a recording lacks, or holds more, by its preset. The standard one is no news. */
const PRESET_NOTES: Readonly<Record<ReturnType<typeof presetOf>, readonly [string, string] | null>> = {
  standard: null,
  light: [
    'Light preset',
    'Recorded without JavaScript samples and filmstrip: which functions ran is not known, and the load was disturbed least.',
  ],
  detailed: [
    'Detailed preset',
    'Recorded with script texts and with what made styles and layouts invalid, which costs the page time: do not compare its times with those of other presets.',
  ],
  custom: [
    'Own choice of data',
    'What was recorded is none of the presets: compare its times with those of recordings that were made alike.',
  ],
};

/** Diagnostics that mean lost data; the others count what every trace has at its edges. */
const LOSSES: ReadonlySet<keyof Diagnostics> = new Set([
  'cutOff',
  'malformedEvents',
  'malformedProfileChunks',
  'droppedPackets',
  'packetsWithoutState',
]);

const COUNTED: Readonly<Record<keyof Diagnostics, (count: number) => string>> = {
  cutOff: () => 'the file ends in the middle of an event',
  malformedEvents: (count) => countOf(count, 'unreadable event'),
  endsWithoutBegin: (count) => `${countOf(count, 'end')} without a beginning`,
  endsOfOtherSlice: (count) => `${countOf(count, 'end')} that named another slice`,
  beginsWithoutEnd: (count) => `${countOf(count, 'slice')} that never ended`,
  overlappingSlices: (count) => `${countOf(count, 'slice')} that overlapped and were cut`,
  badTimes: (count) => `${countOf(count, 'event')} without a usable time`,
  negativeDurations: (count) => `${countOf(count, 'negative duration')}`,
  unmatchedAsync: (count) => `${countOf(count, 'async event')} without a partner`,
  orphanSamples: (count) => `${countOf(count, 'JavaScript sample')} of unknown threads`,
  malformedProfileChunks: (count) =>
    countOf(count, 'unreadable chunk of samples', 'unreadable chunks of samples'),
  unknownPhases: (count) => `${countOf(count, 'event')} of an unknown kind`,
  droppedPackets: (count) => `${countOf(count, 'packet')} dropped by Chrome`,
  packetsWithoutState: (count) => `${countOf(count, 'packet')} skipped after a loss`,
};

/** What each of them means for the numbers: the end of the sentence that begins with the count. */
const MEANINGS: Readonly<Record<keyof Diagnostics, string>> = {
  cutOff: 'what came after it is missing everywhere',
  malformedEvents: 'they are in no number',
  endsWithoutBegin:
    'what they ended began before the recording, or its beginning was lost; its time counts as idle',
  endsOfOtherSlice: 'the slice of that name was ended, or none where there was none',
  beginsWithoutEnd:
    'drawn to the end of what contains them, but how long they lasted is not known, so they count for no time',
  overlappingSlices: 'the part behind the end of what contains them counts for no time',
  badTimes: 'events without a time are left out, impossible lengths are taken as none',
  negativeDurations: 'taken as no time at all',
  unmatchedAsync:
    'ends are left out; what never ended is drawn to the end of the trace. No breakdown counts either',
  orphanSamples: 'they are left out of every profile, so its functions look a little faster',
  malformedProfileChunks: 'their samples are missing: the time is there, but not which function took it',
  unknownPhases: 'they are in no number',
  droppedPackets: 'events are missing, and what remains looks idle where they were',
  packetsWithoutState: 'they could not be read without what was lost before, and are missing like it',
};

/** Events by phase, as the reader counts them. */
type PhaseCounts = Readonly<Record<string, number>>;

/** What else is known when the trace is read. */
type ReadFacts = ContentFacts & Pick<OpenedRecording, 'phaseCounts' | 'sourceFailures'>;

/** Kinds of events that are counted, and drawn nowhere. */
const UNSEEN: readonly (readonly [phase: string, word: (count: number) => string])[] = [
  ['N', (count) => countOf(count, 'object created', 'objects created')],
  ['O', (count) => countOf(count, 'snapshot of an object', 'snapshots of objects')],
  ['D', (count) => countOf(count, 'object destroyed', 'objects destroyed')],
  ['V', (count) => countOf(count, 'memory dump of all processes', 'memory dumps of all processes')],
  ['c', (count) => countOf(count, 'clock synchronisation')],
  ['(', (count) => countOf(count, 'context entered', 'contexts entered')],
  [')', (count) => countOf(count, 'context left', 'contexts left')],
];

function unseenNotes(phaseCounts: PhaseCounts): QualityNote[] {
  const items = UNSEEN.flatMap(([phase, word]) => {
    const count = phaseCounts[phase] ?? 0;
    return count > 0 ? [word(count)] : [];
  });
  if (items.length === 0) return [];
  const text =
    'Events of these kinds are in the file, but are no time of any thread: the chart does not draw them.';
  return [{ level: 'fact', title: 'Counted, not drawn', text, items }];
}

const EMPTY: QualityNote = {
  level: 'bad',
  title: 'Empty trace',
  text: 'The file holds no event at all. Record the page again, or open another file.',
};

function sourceNotes(failures: ReadFacts['sourceFailures']): QualityNote[] {
  if (failures.length === 0) return [];
  const items = failures.map(({ message }) => message);
  const text = 'Functions may have other names than when it was open before:';
  return [{ level: 'caution', title: 'Sources unreadable', text, items }];
}

const factNotes = (recording: Recording | null, facts: ReadFacts): QualityNote[] => [
  ...(facts.events === 0 ? [EMPTY] : []),
  ...contentNotes(recording, facts),
  ...sourceNotes(facts.sourceFailures),
  ...unseenNotes(facts.phaseCounts),
];

/** All notes about one recording. */
export function judgeQuality(
  recording: Recording | null,
  diagnostics: Diagnostics | null,
  facts: ReadFacts | null = null,
): Quality {
  const captured = recording === null ? [] : captureNotes(recording);
  const read = diagnostics === null ? [] : diagnosticsNotes(diagnostics);
  const notes = [...captured, ...read, ...(facts === null ? [] : factNotes(recording, facts))].sort(
    (a, b) => LEVEL_ORDER.indexOf(a.level) - LEVEL_ORDER.indexOf(b.level),
  );
  const bad = notes.filter((note) => note.level === 'bad');
  const cautions = notes.filter((note) => note.level === 'caution');
  if (bad.length > 0)
    return {
      notes,
      mark: 'bad',
      label: bad.length === 1 ? bad[0].title.toLowerCase() : `${bad.length} problems`,
    };
  if (cautions.length > 0) {
    return {
      notes,
      mark: 'caution',
      label: cautions.length === 1 ? cautions[0].title.toLowerCase() : `${cautions.length} cautions`,
    };
  }
  // Throttled, cold, DevTools open: nothing is wrong with it, but whoever compares must know. The loose ends that every
  // trace has are not worth a word here.
  const label = captured.length === 0 ? 'good' : `good, ${countOf(captured.length, 'note')}`;
  return { notes, mark: 'good', label };
}

function captureNotes(recording: Recording): QualityNote[] {
  return [...lossNotes(recording), ...loadNotes(recording), ...conditionNotes(recording)];
}

function lossNotes(recording: Recording): QualityNote[] {
  const notes: QualityNote[] = [];
  if (recording.state === 'recording') {
    // Its chart is shown as soon as its trace is there. A recording that nobody ends is cut off by the next start.
    const text = 'The page is still telling what it measured. This note goes when it has.';
    notes.push({ level: 'fact', title: 'Ending', text });
  }
  if (recording.cutOff !== null) {
    notes.push({ level: 'bad', title: 'Cut off', text: recording.cutOff.message });
  }
  if (recording.dataLoss === true) {
    notes.push({
      level: 'bad',
      title: 'Data lost',
      text: "Chrome's trace buffer overflowed: events are missing. Record a shorter time, or without JavaScript samples.",
    });
  }
  if (recording.loadError !== null) {
    notes.push({
      level: 'bad',
      title: 'Page failed',
      text: `The document did not load: ${recording.loadError}.`,
    });
  }
  return notes;
}

function loadNotes(recording: Recording): QualityNote[] {
  if (recording.state === 'recording' || recording.cutOff !== null) return [];
  const why = recording.stopReason === null ? '' : STOP_SENTENCES[recording.stopReason];
  if (!recording.loadFinished && recording.options.reload) {
    const text = `The load event had not fired when the recording ended. ${why}`.trim();
    return [{ level: 'caution', title: 'Load did not finish', text }];
  }
  if (recording.stopReason === 'load-timeout' || recording.stopReason === 'time-limit') {
    return [{ level: 'fact', title: 'Never quiet', text: why }];
  }
  return [];
}

function conditionNotes(recording: Recording): QualityNote[] {
  const { options } = recording;
  const notes: QualityNote[] = [];
  const fact = (title: string, text: string) => notes.push({ level: 'fact', title, text });
  if (recording.tabVisible === false) {
    notes.push({
      level: 'caution',
      title: 'Tab hidden',
      text: 'The tab was in the background: Chrome paints nothing there and slows timers down.',
    });
  }
  if (options.cpuThrottling > 1) {
    fact('CPU throttled', `The CPU was slowed down ${options.cpuThrottling}× on purpose.`);
  }
  if (options.networkThrottling !== null) {
    fact('Network throttled', `The network was slowed down on purpose: ${options.networkThrottling}.`);
  }
  if (options.coldCache) fact('Cold cache', 'The HTTP cache was switched off for this load.');
  const preset = PRESET_NOTES[presetOf(options)];
  if (preset !== null) fact(...preset);
  if (!options.reload)
    fact(
      'Not reloaded',
      'The page was recorded as it stood, without a reload: there is no load in it, and what the load was measured by (LCP, FCP, TTFB) was before. “Record and reload” has both.',
    );
  if (recording.devtoolsOpen === true) {
    fact('DevTools open', 'DevTools was open on the tab, which costs the page a little time.');
  }
  const fill = recording.buffer.peakFill;
  if (fill !== null && fill >= 0.9 && recording.dataLoss !== true) {
    notes.push({
      level: 'caution',
      title: 'Buffer nearly full',
      text: `Chrome's trace buffer was ${Math.round(fill * 100)} % full.`,
    });
  }
  return notes;
}

function diagnosticsNotes(diagnostics: Diagnostics): QualityNote[] {
  const losses: string[] = [];
  const oddities: string[] = [];
  for (const key of diagnosticKeys) {
    const count = diagnostics[key];
    if (count === 0) continue;
    const words = COUNTED[key](count);
    const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${MEANINGS[key]}.`;
    (LOSSES.has(key) ? losses : oddities).push(sentence);
  }
  const notes: QualityNote[] = [];
  if (losses.length > 0) {
    notes.push({ level: 'bad', title: 'Trace damaged', text: 'Counted while reading:', items: losses });
  }
  if (oddities.length > 0) {
    const text = 'Counted while reading, as in most traces:';
    notes.push({ level: 'fact', title: 'Loose ends', text, items: oddities });
  }
  return notes;
}

const diagnosticKeys = Object.keys(COUNTED) as readonly (keyof Diagnostics)[];
