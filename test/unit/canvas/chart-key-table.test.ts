/** The charts' keys, set by set: no key does two things, every command has a key, and the help tells the same. */
import { describe, expect, it } from 'vitest';
import {
  CHART_KEYS,
  type ChartCommand,
  chartCommandOf,
  listChartKeys,
  listTrackKeys,
  shownTrackKey,
  trackCommandOf,
} from '../../../src/panel/canvas/input/chart-key-table.ts';
import { KEY_SETS } from '../../../src/settings/index.ts';

describe.each(KEY_SETS)("%s' keys", (set) => {
  it('mean one thing each', () => {
    const meanings = [true, false].flatMap((shift) =>
      CHART_KEYS[set]
        .filter((key) => key.shift === null || key.shift === shift)
        .map(({ code }) => `${shift} ${code}`),
    );
    expect(new Set(meanings).size).toBe(meanings.length);
  });

  it('do all that DevTools’ keys do, in the help as well', () => {
    const commands = (keys: readonly { command: ChartCommand }[]) =>
      new Set(keys.map(({ command }) => command));
    expect(commands(CHART_KEYS[set])).toEqual(commands(CHART_KEYS.devtools));
    const told = listChartKeys(set, 'zoom').flatMap(({ keys }) => keys);
    for (const { shown } of CHART_KEYS[set]) expect(told).toContain(shown);
  });
});

describe('chartCommandOf', () => {
  it.each([
    ['devtools', 'KeyW', false, 'zoom-in'],
    ['devtools', 'KeyW', true, 'zoom-in'],
    ['devtools', 'ArrowUp', false, 'parent'],
    ['devtools', 'ArrowUp', true, 'up'],
    ['speedscope', 'KeyW', false, 'up'],
    ['speedscope', 'ArrowLeft', false, 'left'],
    ['speedscope', 'ArrowLeft', true, 'before'],
    ['firefox', 'KeyQ', false, 'zoom-in'],
    ['firefox', 'KeyE', false, 'zoom-out'],
    ['firefox', 'KeyW', false, 'up'],
    ['devtools', 'KeyQ', false, null],
  ] as const)('%s: %s, shift %s, is %s', (set, code, shift, command) => {
    expect(chartCommandOf(set, code, shift)).toBe(command);
  });
});

describe('the keys of tracks’ names', () => {
  it.each([
    ['ArrowUp', false, false, 'previous-track'],
    ['ArrowUp', true, false, 'track-up'],
    ['KeyH', false, false, 'hide-track'],
    ['KeyH', false, true, 'only-track'],
    ['Enter', false, false, 'toggle-track'],
    ['KeyH', true, false, null],
    ['KeyW', false, false, null],
  ] as const)('%s, alt %s, shift %s, is %s', (code, alt, shift, command) => {
    expect(trackCommandOf(code, alt, shift)).toBe(command);
  });

  it('are all told in the help, and in the menu', () => {
    const told = listTrackKeys().flatMap(({ keys }) => keys);
    expect(told).toEqual(['↑', '↓', 'Enter', 'H', 'Shift+H', 'P', 'Alt+↑', 'Alt+↓', 'Space', 'drag']);
    expect(shownTrackKey('track-down')).toBe('Alt+↓');
  });
});
