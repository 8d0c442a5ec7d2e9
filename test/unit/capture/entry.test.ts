/** The one writer of a recording: bytes in order, whatever becomes of those before them. */
import { describe, expect, it } from 'vitest';
import { Entry } from '../../../src/capture/entry.ts';
import { MemoryStore } from '../../builders/memory-store.ts';
import { buildRecording, noise } from '../../builders/recording.ts';

const STARTED = buildRecording({ state: 'recording', trace: null });

async function open(): Promise<{ store: MemoryStore; entry: Entry }> {
  const store = new MemoryStore();
  const entry = new Entry(store, STARTED);
  await entry.write();
  return { store, entry };
}

describe('bytes of a trace', () => {
  it('are counted when they are given, and stored one after the other', async () => {
    const { store, entry } = await open();
    const trace = noise(300, 1);
    void entry.appendTrace('perfetto', trace.subarray(0, 100));
    void entry.appendTrace('perfetto', trace.subarray(100));
    expect([entry.givenBytes, entry.traceBytes]).toEqual([300, 0]);
    expect(await entry.endTrace()).toMatchObject({ ok: true });
    expect([entry.traceBytes, store.traceOf(STARTED.id)]).toEqual([300, trace]);
    expect(store.ends).toMatchObject([{ bytes: 300 }]);
  });

  it('are not all there where the last of them could not be stored, though nobody waited for it', async () => {
    const { store, entry } = await open();
    store.room = 150;
    void entry.appendTrace('perfetto', noise(100, 2));
    void entry.appendTrace('perfetto', noise(100, 3));
    expect(await entry.endTrace()).toMatchObject({ ok: false, failure: { code: 'storage-full' } });
    expect(entry.traceBytes).toBe(100);
  });

  it('begin anew where they were of another stream', async () => {
    const { store, entry } = await open();
    store.room = 150;
    void entry.appendTrace('perfetto', noise(200, 4));
    await entry.restartTrace();
    expect(entry.givenBytes).toBe(0);
    void entry.appendTrace('json', noise(120, 5));
    expect(await entry.endTrace()).toMatchObject({ ok: true });
    expect(entry.recording.trace).toMatchObject({ format: 'json', bytes: 120 });
  });
});
