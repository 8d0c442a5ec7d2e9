/** Ctrl+C while a recording is made: kept, thrown away, ended; and none is lost that comes before anybody listens. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Interrupts } from '../../../src/cli/interrupts.ts';

let interrupts: Interrupts;
beforeEach(() => {
  interrupts = new Interrupts();
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});
afterEach(() => {
  interrupts.close();
  vi.restoreAllMocks();
});

function listen() {
  const calls: string[] = [];
  interrupts.listener = { stop: () => calls.push('stop'), cancel: () => calls.push('cancel') };
  return calls;
}

test('the first ends the recording, the second throws it away, the third ends the process', () => {
  const calls = listen();
  expect(interrupts.isOver).toBe(false);
  process.emit('SIGINT');
  expect(interrupts.isOver).toBe(true);
  expect(calls).toEqual(['stop']);
  process.emit('SIGTERM');
  expect(calls).toEqual(['stop', 'cancel']);
  expect(() => process.emit('SIGHUP')).toThrow('exit 130');
});

test('one that came before anybody listened is told to who listens', () => {
  process.emit('SIGINT');
  expect(listen()).toEqual(['stop']);
});

test('the second ends the process while nobody listens', () => {
  process.emit('SIGINT');
  expect(() => process.emit('SIGINT')).toThrow('exit 130');
});

test('nothing is told, and no signal taken, when it is closed', () => {
  const before = process.listenerCount('SIGINT');
  const calls = listen();
  interrupts.close();
  expect(process.listenerCount('SIGINT')).toBe(before - 1);
  expect(calls).toEqual([]);
});
