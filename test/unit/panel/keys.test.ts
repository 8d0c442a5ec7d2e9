/** The key table. */
import { describe, expect, it } from 'vitest';
import { commandOf, type KeyPress } from '../../../src/panel/state/keys.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  inText: false,
  ...held,
});

describe('keys', () => {
  it.each([
    [press('e', { ctrlKey: true }), 'record'],
    [press('E', { ctrlKey: true, shiftKey: true }), 'record-reload'],
    [press('o', { ctrlKey: true }), 'open-file'],
    [press('s', { ctrlKey: true }), 'save'],
    [press('z', { ctrlKey: true }), 'undo'],
    [press('ArrowLeft', { altKey: true }), 'older'],
    [press('ArrowRight', { altKey: true }), 'newer'],
    [press('ArrowDown', { altKey: true }), 'recordings'],
    [press('?', { shiftKey: true }), 'help'],
    [press('?'), 'help'],
    [press(',', { ctrlKey: true }), 'settings'],
  ])('%j is %s', (key, command) => {
    expect(commandOf(key, false)).toBe(command);
  });

  it('takes Cmd for Ctrl on a Mac, and never the other one', () => {
    expect(commandOf(press('e', { metaKey: true }), true)).toBe('record');
    expect(commandOf(press('e', { ctrlKey: true }), true)).toBeNull();
    expect(commandOf(press('e', { metaKey: true }), false)).toBeNull();
  });

  it("leaves text fields, the chart's keys and DevTools' keys alone", () => {
    expect(commandOf(press('?', { inText: true }), false)).toBeNull();
    expect(commandOf(press('/', { inText: true }), false)).toBeNull();
    expect(commandOf(press('/', { shiftKey: true }), false)).toBe('search');
    expect(commandOf(press('f', { ctrlKey: true, inText: true }), false)).toBe('search');
    expect(commandOf(press('s', { ctrlKey: true, inText: true }), false)).toBe('save');
    expect(commandOf(press('z', { ctrlKey: true, inText: true }), false)).toBeNull();
    expect(commandOf(press('z', { ctrlKey: true }), false)).toBe('undo');
    for (const key of ['w', 'a', 's', 'd', '0', 'ArrowLeft', 'Escape', 'e', 'f']) {
      expect(commandOf(press(key), false)).toBeNull();
    }
    for (const key of ['p', 'h', 'r', 'w'])
      expect(commandOf(press(key, { ctrlKey: true }), false)).toBeNull();
  });
});
