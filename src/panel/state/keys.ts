/**
 * The key table: which key does what, once for the handler and for the help page. Pure.
 * In: a keyboard event's facts. Out: the command, or null. Letters match by the character (`key`, so that Ctrl+S is
 * where the layout has S); the chart's own keys are listed here for the help, and handled by the chart.
 */

import type { KeySettings } from '../../settings/index.ts';
import { listChartKeys, listTrackKeys } from '../canvas/input/chart-key-table.ts';
import { TRANSFORM_KEYS } from './profile/graph-keys.ts';

export type Command =
  | 'record'
  | 'record-reload'
  | 'open-file'
  | 'save'
  | 'older'
  | 'newer'
  | 'recordings'
  | 'compare'
  | 'open-backend'
  | 'search'
  | 'next-find'
  | 'previous-find'
  | 'show-chart'
  | 'show-graph'
  | 'help'
  | 'settings'
  | 'undo';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** The press landed in a field that takes text. */
  readonly inText: boolean;
}

interface Binding {
  readonly command: Command;
  /** Lower case. */
  readonly key: string;
  /** Ctrl, or Cmd on a Mac. */
  readonly primary: boolean;
  /** null: does not matter (the character itself needs it on some layouts). */
  readonly shift: boolean | null;
  readonly alt: boolean;
}

const bind = (
  command: Command,
  key: string,
  modifiers: Partial<Omit<Binding, 'command' | 'key'>> = {},
): Binding => ({
  command,
  key,
  primary: false,
  shift: false,
  alt: false,
  ...modifiers,
});

/** DevTools' own keys where DevTools has them. Record stops what it started, so `stop` needs no key of its own. */
const BINDINGS: readonly Binding[] = [
  bind('record', 'e', { primary: true }),
  bind('record-reload', 'e', { primary: true, shift: true }),
  bind('open-file', 'o', { primary: true }),
  bind('save', 's', { primary: true }),
  bind('undo', 'z', { primary: true }),
  bind('older', 'arrowleft', { alt: true }),
  bind('newer', 'arrowright', { alt: true }),
  bind('recordings', 'arrowdown', { alt: true }),
  bind('compare', 'c', { alt: true }),
  bind('open-backend', 'b', { alt: true }),
  // What Option makes of these letters on a Mac.
  bind('compare', 'ç', { alt: true }),
  bind('open-backend', '∫', { alt: true }),
  bind('search', 'f', { primary: true }),
  bind('search', '/', { shift: null }),
  bind('next-find', '.'),
  bind('previous-find', ','),
  bind('show-chart', '1'),
  bind('show-graph', '2'),
  bind('help', '?', { shift: null }),
  bind('settings', ',', { primary: true }),
];

/** The command of a key press. Plain keys are left alone inside text fields. */
export function commandOf(press: KeyPress, isMac: boolean): Command | null {
  const primary = isMac ? press.metaKey : press.ctrlKey;
  const otherPrimary = isMac ? press.ctrlKey : press.metaKey;
  if (otherPrimary) return null;
  const found = BINDINGS.find(
    (binding) =>
      binding.key === press.key.toLowerCase() &&
      binding.primary === primary &&
      binding.alt === press.altKey &&
      (binding.shift === null || binding.shift === press.shiftKey),
  );
  if (found === undefined) return null;
  // There the undo key is for what was typed.
  if (press.inText && (!found.primary || found.command === 'undo')) return null;
  return found.command;
}

export interface KeyHelp {
  readonly group: string;
  readonly rows: readonly { readonly keys: readonly string[]; readonly does: string }[];
}

/** What `?` lists. Each entry of `keys` is one way to do it; `+` joins keys that are held together. */
export function listKeys(isMac: boolean, { set, wheel }: KeySettings): readonly KeyHelp[] {
  const primary = isMac ? '⌘' : 'Ctrl';
  const alt = isMac ? '⌥' : 'Alt';
  return [
    {
      group: 'Recording',
      rows: [
        { keys: [`${primary}+E`], does: 'Record this page as it stands; press again to stop' },
        { keys: [`${primary}+Shift+E`], does: 'Reload the page and record its load' },
      ],
    },
    {
      group: 'Recordings',
      rows: [
        { keys: [`${primary}+O`], does: 'Open a trace, recording or profile file' },
        { keys: [`${alt}+B`], does: 'Open a profile from a backend' },
        { keys: [`${alt}+C`], does: 'Compare what is shown with a recording, a file or a backend’s profile' },
        { keys: [`${primary}+S`], does: 'Save what is shown as a file' },
        { keys: [`${alt}+↓`], does: 'List the recordings' },
        { keys: [`${alt}+←`, `${alt}+→`], does: 'Older, newer recording; out of breadcrumbs first' },
        {
          keys: [`${primary}+Z`],
          does: 'Bring back what was just deleted, or tags and settings as they were',
        },
      ],
    },
    {
      group: 'Flame chart',
      rows: listChartKeys(set, wheel),
    },
    {
      group: 'Names of tracks',
      rows: listTrackKeys(),
    },
    {
      group: 'Overview',
      rows: [
        { keys: ['drag'], does: 'Pick a range; on the ruler, move it; at a handle, move that edge' },
        { keys: ['wheel'], does: 'Zoom at the pointer; sideways, move' },
        { keys: ['←', '→', 'PgUp', 'PgDn', 'Home', 'End'], does: 'Move the handle that has the focus' },
        {
          keys: ['Z', 'Backspace', `${alt}+←`, `${alt}+→`],
          does: 'Make a breadcrumb; step out of it, and in again',
        },
      ],
    },
    {
      group: 'Search',
      rows: [
        { keys: ['/', `${primary}+F`], does: 'Search the chart' },
        { keys: ['Enter', '.'], does: 'Go to the next find' },
        { keys: ['Shift+Enter', ','], does: 'Go to the previous find' },
      ],
    },
    {
      group: 'Tables',
      rows: [
        { keys: ['↑', '↓', 'Home', 'End', 'PgUp', 'PgDn'], does: 'Walk the rows' },
        { keys: ['→', '←'], does: 'Open and close a row; go to its first child, its parent' },
        { keys: ['*'], does: 'Open all below the row' },
        { keys: ['letters'], does: 'Go to the next row that begins so' },
        { keys: ['Tab'], does: 'Go to the heads of the columns, whose buttons sort' },
        { keys: ['Enter'], does: 'Show the longest slice of the row in the chart' },
        { keys: ['Shift+Enter'], does: 'Show the source of the row’s function' },
      ],
    },
    {
      group: 'Source',
      rows: [
        { keys: ['O'], does: 'Show the source of what is selected in the chart or flame graph' },
        { keys: ['↑', '↓', 'Home', 'End', 'PgUp', 'PgDn'], does: 'Walk the lines' },
        { keys: ['N', 'Shift+N'], does: 'Go to the next, the last line that took time' },
        { keys: ['M'], does: 'Go to the line that took most' },
        { keys: ['Enter'], does: 'Show the function that begins on the line in the chart' },
      ],
    },
    {
      group: 'Flame graph',
      rows: [
        { keys: ['2', '1'], does: 'Go to the flame graph, and back to the chart' },
        { keys: ['3'], does: 'Callers and callees of the selected function' },
        ...TRANSFORM_KEYS.map(({ keys, does }) => ({ keys: [keys], does })),
        { keys: ['Backspace'], does: 'Take the last of these changes back' },
        { keys: ['Enter'], does: 'Show the longest slice of the box in the chart' },
      ],
    },
    {
      group: 'Help',
      rows: [
        { keys: ['?'], does: 'Show these keys' },
        { keys: [`${primary}+,`], does: 'Show the settings; other tools’ keys are there' },
      ],
    },
  ];
}
