/**
 * The charts' keys, once for the handler and for the help page: what each key does, by whose keys the user has chosen.
 * Types and values only. Keys are places on the keyboard (`code`), so that WASD lie together on every layout.
 */
import type { KeySet, WheelMode } from '../../../settings/index.ts';

export type ChartCommand =
  | 'zoom-in'
  | 'zoom-out'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'before'
  | 'after'
  | 'parent'
  | 'child'
  | 'fit'
  | 'measure'
  | 'all'
  | 'page-up'
  | 'page-down'
  | 'clear'
  | 'hide-slice'
  | 'hide-children'
  | 'hide-repeats'
  | 'show-hidden'
  | 'zoom-into'
  | 'step-out'
  | 'track-name'
  | OuterCommand;

/** What is done to the recording or outside of the chart; whoever shows the chart does it. */
export type OuterCommand = (typeof OUTER_COMMANDS)[number];
export const OUTER_COMMANDS = [
  'note',
  'link',
  'ignore-script',
  'dim-third-parties',
  'picture-png',
  'picture-svg',
  'menu',
] as const;

export const isOuterCommand = (command: ChartCommand): command is OuterCommand =>
  (OUTER_COMMANDS as readonly string[]).includes(command);

export interface ChartKey {
  readonly command: ChartCommand;
  readonly code: string;
  /** null: Shift makes the step a big one, where there are steps. */
  readonly shift: boolean | null;
  /** How the help calls it. */
  readonly shown: string;
}

const key = (command: ChartCommand, code: string, shown: string, shift: boolean | null = null): ChartKey => ({
  command,
  code,
  shift,
  shown,
});

/** `=` and `-` and their like on the number pad; speedscope and Firefox have them, too. */
const PLUS_MINUS = [
  key('zoom-in', 'Equal', '+'),
  key('zoom-in', 'NumpadAdd', '+'),
  key('zoom-out', 'Minus', '-'),
  key('zoom-out', 'NumpadSubtract', '-'),
];
const SELECT = (shift: boolean, prefix: string) => [
  key('before', 'ArrowLeft', `${prefix}←`, shift),
  key('after', 'ArrowRight', `${prefix}→`, shift),
  key('parent', 'ArrowUp', `${prefix}↑`, shift),
  key('child', 'ArrowDown', `${prefix}↓`, shift),
];
const MOVE = (shift: boolean, prefix: string) => [
  key('left', 'ArrowLeft', `${prefix}←`, shift),
  key('right', 'ArrowRight', `${prefix}→`, shift),
  key('up', 'ArrowUp', `${prefix}↑`, shift),
  key('down', 'ArrowDown', `${prefix}↓`, shift),
];
const EVERYWHERE = [
  key('fit', 'KeyF', 'F'),
  key('measure', 'KeyM', 'M'),
  key('all', 'Digit0', '0'),
  key('all', 'Numpad0', '0'),
  key('page-up', 'PageUp', 'PgUp'),
  key('page-down', 'PageDown', 'PgDn'),
  key('clear', 'Escape', 'Esc'),
  key('hide-slice', 'KeyH', 'H'),
  key('hide-children', 'KeyC', 'C'),
  key('hide-repeats', 'KeyR', 'R'),
  key('step-out', 'Backspace', 'Backspace'),
  key('zoom-into', 'KeyZ', 'Z'),
  key('track-name', 'KeyN', 'N'),
  key('note', 'KeyL', 'L'),
  key('link', 'KeyK', 'K'),
  key('ignore-script', 'KeyI', 'I'),
  key('dim-third-parties', 'KeyT', 'T'),
  key('picture-png', 'KeyP', 'P', false),
  key('picture-svg', 'KeyP', 'Shift+P', true),
  key('menu', 'Space', 'Space'),
];
/** DevTools' own. */
const SHOW_HIDDEN = key('show-hidden', 'KeyU', 'U', false);
/** Where U zooms. */
const SHOW_HIDDEN_ELSEWHERE = key('show-hidden', 'KeyU', 'Shift+U', true);

export const CHART_KEYS: Readonly<Record<KeySet, readonly ChartKey[]>> = {
  devtools: [
    key('zoom-in', 'KeyW', 'W'),
    key('zoom-out', 'KeyS', 'S'),
    key('left', 'KeyA', 'A'),
    key('right', 'KeyD', 'D'),
    ...PLUS_MINUS,
    ...SELECT(false, ''),
    ...MOVE(true, 'Shift+'),
    ...EVERYWHERE,
    SHOW_HIDDEN,
  ],
  // speedscope selects by the mouse alone: its arrows move. Shift is ours.
  speedscope: [
    key('up', 'KeyW', 'W'),
    key('down', 'KeyS', 'S'),
    key('left', 'KeyA', 'A'),
    key('right', 'KeyD', 'D'),
    ...PLUS_MINUS,
    ...MOVE(false, ''),
    ...SELECT(true, 'Shift+'),
    ...EVERYWHERE,
    SHOW_HIDDEN,
  ],
  firefox: [
    key('zoom-in', 'KeyQ', 'Q'),
    key('zoom-in', 'KeyY', 'Y'),
    key('zoom-out', 'KeyE', 'E'),
    key('zoom-out', 'KeyU', 'U', false),
    key('up', 'KeyW', 'W'),
    key('down', 'KeyS', 'S'),
    key('left', 'KeyA', 'A'),
    key('right', 'KeyD', 'D'),
    ...PLUS_MINUS,
    ...SELECT(false, ''),
    ...MOVE(true, 'Shift+'),
    ...EVERYWHERE,
    SHOW_HIDDEN_ELSEWHERE,
  ],
};

/** The command of a key with these places; null for none. */
export function chartCommandOf(set: KeySet, code: string, shift: boolean): ChartCommand | null {
  const found = CHART_KEYS[set].find(
    (each) => each.code === code && (each.shift === null || each.shift === shift),
  );
  return found?.command ?? null;
}

const DOES: readonly (readonly [readonly ChartCommand[], string])[] = [
  [['zoom-in', 'zoom-out'], 'Zoom in and out at the pointer; with Shift in big steps'],
  [['left', 'right'], 'Move left and right'],
  [['up', 'down'], 'Scroll up and down'],
  [['page-up', 'page-down'], 'Scroll up and down by a lot'],
  [['before', 'after'], 'Select the slice before, after'],
  [['parent', 'child'], 'Select the parent, the first child'],
  [['fit'], 'Zoom to the selection, or to the measured range'],
  [['measure'], 'Measure the selected slice; what is shown, where none is'],
  [['all'], 'Show the whole page window'],
  [['clear'], 'Clear the measured range, then the selection'],
  [['hide-slice'], 'Hide the selected slice in the chart'],
  [['hide-children'], 'Hide what is inside it'],
  [['hide-repeats'], 'Hide what inside it is of the same function'],
  [['show-hidden'], 'Show again all slices that were hidden'],
  [['zoom-into'], 'Zoom the overview into what is shown: a breadcrumb'],
  [['step-out'], 'Step out of a breadcrumb'],
  [['track-name'], 'Go to the names of the tracks'],
  [['note'], 'Write a note on the selected slice, or on the measured range'],
  [['link'], 'Link the selected slice to the one that is selected next'],
  [['ignore-script'], 'Hide all functions of the selected one’s script, here and in other recordings'],
  [['dim-third-parties'], 'Dim what is not of the page’s own site'],
  [['picture-png', 'picture-svg'], 'Save a picture of the chart as PNG, as SVG'],
  [['menu'], 'List all that can be done to the selected slice'],
];

const WHEEL: Readonly<Record<WheelMode, readonly (readonly [string, string])[]>> = {
  zoom: [
    ['wheel', 'Zoom at the pointer'],
    ['Shift+wheel', 'Scroll up and down'],
  ],
  scroll: [
    ['wheel', 'Scroll up and down'],
    ['Ctrl+wheel', 'Zoom at the pointer, as a pinch does'],
    ['Shift+wheel', 'Move left and right'],
  ],
};

/** What the help says of the charts' keys and wheel. */
export function listChartKeys(set: KeySet, wheel: WheelMode): readonly { keys: string[]; does: string }[] {
  const rows = DOES.map(([commands, does]) => {
    const keys = CHART_KEYS[set].filter(({ command }) => commands.includes(command));
    return { keys: [...new Set(keys.map(({ shown }) => shown))], does };
  });
  const wheels = WHEEL[wheel].map(([shown, does]) => ({ keys: [shown], does }));
  return [
    ...rows,
    ...wheels,
    { keys: ['drag'], does: 'Move both ways' },
    { keys: ['Shift+drag'], does: 'Measure a range' },
  ];
}

/** With the focus on a track's name. */
export type TrackCommand =
  | 'previous-track'
  | 'next-track'
  | 'toggle-track'
  | 'hide-track'
  | 'only-track'
  | 'pin-track'
  | 'track-up'
  | 'track-down'
  | 'track-menu';

interface TrackKey {
  readonly command: TrackCommand;
  readonly code: string;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly shown: string;
}

const trackKey = (
  command: TrackCommand,
  code: string,
  shown: string,
  { alt = false, shift = false }: { readonly alt?: boolean; readonly shift?: boolean } = {},
): TrackKey => ({ command, code, alt, shift, shown });

/** Of every set. */
const TRACK_KEYS: readonly TrackKey[] = [
  trackKey('previous-track', 'ArrowUp', '↑'),
  trackKey('next-track', 'ArrowDown', '↓'),
  trackKey('toggle-track', 'Enter', 'Enter'),
  trackKey('hide-track', 'KeyH', 'H'),
  trackKey('only-track', 'KeyH', 'Shift+H', { shift: true }),
  trackKey('pin-track', 'KeyP', 'P'),
  trackKey('track-up', 'ArrowUp', 'Alt+↑', { alt: true }),
  trackKey('track-down', 'ArrowDown', 'Alt+↓', { alt: true }),
  trackKey('track-menu', 'Space', 'Space'),
];

export function trackCommandOf(code: string, alt: boolean, shift: boolean): TrackCommand | null {
  const found = TRACK_KEYS.find((each) => each.code === code && each.alt === alt && each.shift === shift);
  return found?.command ?? null;
}

/** How the menu shows a command's key. */
export const shownTrackKey = (command: TrackCommand): string =>
  TRACK_KEYS.find((each) => each.command === command)?.shown ?? '';

const TRACKS_DO: readonly (readonly [readonly TrackCommand[], string])[] = [
  [['previous-track', 'next-track'], 'Walk the names of the tracks'],
  [['toggle-track'], 'Collapse or open the track'],
  [['hide-track', 'only-track'], 'Hide the track; hide all others'],
  [['pin-track'], 'Pin the track at the top, or let it go'],
  [['track-up', 'track-down'], 'Move the track up, down'],
  [['track-menu'], 'List all that can be done to the track'],
];

/** What the help says of the names of tracks. */
export function listTrackKeys(): readonly { keys: string[]; does: string }[] {
  return [
    ...TRACKS_DO.map(([commands, does]) => ({
      keys: TRACK_KEYS.filter(({ command }) => commands.includes(command)).map(({ shown }) => shown),
      does,
    })),
    { keys: ['drag'], does: 'Move the track' },
  ];
}
