/** The port to the service worker, which comes and goes. */
import { describe, expect, it } from 'vitest';
import type { PanelMessage } from '../../../src/extension/messages.ts';
import { createRecorderLink, type LinkPort } from '../../../src/panel/outside/recorder-link.ts';
import { IDLE_STATE, ManualClock } from '../../builders/panel-outside.ts';

class FakePort implements LinkPort {
  readonly posted: PanelMessage[] = [];
  #onMessage: ((message: unknown) => void)[] = [];
  #onDisconnect: (() => void)[] = [];
  readonly postMessage = (message: PanelMessage): void => {
    this.posted.push(message);
  };
  readonly onMessage = {
    addListener: (listener: (message: unknown) => void) => void this.#onMessage.push(listener),
  };
  readonly onDisconnect = { addListener: (listener: () => void) => void this.#onDisconnect.push(listener) };
  say(message: unknown): void {
    for (const listener of this.#onMessage) listener(message);
  }
  drop(): void {
    for (const listener of this.#onDisconnect) listener();
  }
}

function link() {
  const ports: FakePort[] = [];
  const clock = new ManualClock();
  let isGone = false;
  const connect = (): FakePort => {
    if (isGone) throw new Error('Extension context invalidated.');
    const port = new FakePort();
    ports.push(port);
    return port;
  };
  const recorder = createRecorderLink({ connect, place: { kind: 'panel', tabId: 3 }, clock });
  const removeExtension = () => {
    isGone = true;
  };
  return { ports, clock, recorder, removeExtension };
}

const HELLO = { type: 'hello', tabId: 3 };

describe('the recorder link', () => {
  it('says who it is first, and takes the state that comes back', () => {
    const { ports, recorder } = link();
    expect(ports[0].posted).toEqual([HELLO]);
    expect(recorder.state.value).toBeNull();
    ports[0].say({ type: 'state', state: IDLE_STATE });
    expect(recorder.state.value).toEqual(IDLE_STATE);
    expect(recorder.connection.value).toBe('connected');
  });

  it('connects again when the worker ends, keeps the last state meanwhile, and sends then what it was told', () => {
    const { ports, clock, recorder } = link();
    ports[0].say({ type: 'state', state: { ...IDLE_STATE, phase: 'recording' } });
    ports[0].drop();
    expect(recorder.state.value?.phase).toBe('recording');
    recorder.send({ type: 'stop' });
    clock.advance(60);
    expect(ports).toHaveLength(2);
    expect(ports[1].posted).toEqual([HELLO, { type: 'stop' }]);
    ports[1].say({ type: 'state', state: { ...IDLE_STATE, phase: 'saving' } });
    expect(recorder.state.value?.phase).toBe('saving');
  });

  it('waits longer while nobody answers, and not after an answer', () => {
    const { ports, clock } = link();
    const waits: number[] = [];
    for (let round = 0; round < 8; round++) {
      ports.at(-1)?.drop();
      const before = clock.time;
      const count = ports.length;
      while (ports.length === count) clock.advance(10);
      waits.push(clock.time - before);
    }
    expect(waits[1]).toBeGreaterThan(waits[0]);
    expect(waits.at(-1)).toBe(2_000);
    ports.at(-1)?.say({ type: 'state', state: IDLE_STATE });
    ports.at(-1)?.drop();
    clock.advance(50);
    expect(ports).toHaveLength(10);
  });

  it('tells of library changes until told to stop', () => {
    const { ports, recorder } = link();
    let heard = 0;
    const stop = recorder.onLibraryChange(() => {
      heard++;
    });
    ports[0].say({ type: 'library' });
    stop();
    ports[0].say({ type: 'library' });
    expect(heard).toBe(1);
  });

  it('gives up where the extension itself is gone', () => {
    const { ports, clock, recorder, removeExtension } = link();
    removeExtension();
    ports[0].drop();
    clock.advance(10_000);
    expect(recorder.connection.value).toBe('lost');
    expect(ports).toHaveLength(1);
  });
});
