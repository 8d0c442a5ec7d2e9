/**
 * The charts' keys, once for the handler and for the help page: what each key does, by whose keys the user has chosen.
 * Types and values only. Keys are places on the keyboard (`code`), so that WASD lie together on every layout.
 */
import type { KeySet, WheelMode } from '../../settings/index.ts';

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
  | 'all'
  | 'page-up'
  | 'page-down'
  | 'clear'
  | 'hide-slice'
  | 'hide-children'
  | 'hide-repeats'
  | 'show-hidden'
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
  key('all', 'Digit0', '0'),
  key('all', 'Numpad0', '0'),
  key('page-up', 'PageUp', 'PgUp'),
  key('page-down', 'PageDown', 'PgDn'),
  key('clear', 'Escape', 'Esc'),
  key('hide-slice', 'KeyH', 'H'),
  key('hide-children', 'KeyC', 'C'),
  key('hide-repeats', 'KeyR', 'R'),
  key('show-hidden', 'Backspace', 'Backspace'),
  key('note', 'KeyL', 'L'),
  key('link', 'KeyK', 'K'),
  key('ignore-script', 'KeyI', 'I'),
  key('dim-third-parties', 'KeyT', 'T'),
  key('picture-png', 'KeyP', 'P', false),
  key('picture-svg', 'KeyP', 'Shift+P', true),
  key('menu', 'Space', 'Space'),
];
/** DevTools' own; where the set leaves it free. */
const SHOW_HIDDEN = key('show-hidden', 'KeyU', 'U');

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
    key('zoom-out', 'KeyU', 'U'),
    key('up', 'KeyW', 'W'),
    key('down', 'KeyS', 'S'),
    key('left', 'KeyA', 'A'),
    key('right', 'KeyD', 'D'),
    ...PLUS_MINUS,
    ...SELECT(false, ''),
    ...MOVE(true, 'Shift+'),
    ...EVERYWHERE,
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
  [['all'], 'Show the whole page window'],
  [['clear'], 'Clear the measured range, then the selection'],
  [['hide-slice'], 'Hide the selected slice in the chart'],
  [['hide-children'], 'Hide what is inside it'],
  [['hide-repeats'], 'Hide what inside it is of the same function'],
  [['show-hidden'], 'Show again all that was hidden'],
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
