/** Arguments out of an inflated copy: the same as read from the start, fewer bytes, and none where the disk refuses. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sliceIndex } from '../../../src/base/index.ts';
import { Engine, type OpenedRecording } from '../../../src/engine/index.ts';
import { makeTemporarySpool } from '../../../src/engine/opening/spool-file.node.ts';
import type { MakeSpoolFile, SpoolFile } from '../../../src/engine/opening/spool-file.ts';
import { trace } from '../../builders/trace.ts';

const RECORDING = new Uint8Array(
  readFileSync(fileURLToPath(new URL('../../fixtures/traces/known-costs.pftrace.gz', import.meta.url))),
);
const JSON_TRACE = ((): Uint8Array => {
  const recipe = trace().thread('CrRendererMain').navigate('https://a.test/', 0);
  for (let i = 0; i < 4000; i++)
    recipe.slice('FunctionCall', 2 * i, 2 * i + 1, { args: { data: { i, text: 'x'.repeat(i % 97) } } });
  return gzipSync(recipe.text());
})();

/** A spool that counts, and may refuse. */
class CountedSpools {
  made = 0;
  removed = 0;
  written = 0;
  read = 0;
  /** No more than so many bytes are taken. */
  room = Number.POSITIVE_INFINITY;
  refuses = false;

  readonly make: MakeSpoolFile = async () => {
    if (this.refuses) throw new Error('no storage here');
    const file = await makeTemporarySpool();
    this.made++;
    const counted: SpoolFile = {
      write: async (bytes) => {
        if (this.written + bytes.length > this.room) throw new Error('quota exceeded');
        this.written += bytes.length;
        await file.write(bytes);
      },
      read: async (offset, length) => {
        const bytes = await file.read(offset, length);
        this.read += bytes.length;
        return bytes;
      },
      remove: async () => {
        this.removed++;
        await file.remove();
      },
    };
    return counted;
  };
}

async function open(
  bytes: Uint8Array,
  makeSpool?: MakeSpoolFile,
): Promise<{ engine: Engine; of: OpenedRecording }> {
  const engine = new Engine({ library: null, ...(makeSpool === undefined ? {} : { makeSpool }) });
  const file = new Blob([new Uint8Array(bytes)]);
  const opened = await engine.open({ kind: 'file', name: 'a trace', file });
  if (!opened.ok) throw new Error(opened.failure.message);
  return { engine, of: opened.value };
}

const slicesOf = ({ engine, of }: { engine: Engine; of: OpenedRecording }): number =>
  engine.traceOf(of.open)?.tables.slices.length ?? 0;

describe.each([
  ['JSON', JSON_TRACE],
  ['Perfetto', RECORDING],
])('%s, packed', (_, bytes) => {
  test('answers what a reading from the start answers, slice by slice', async () => {
    const spools = new CountedSpools();
    const copied = await open(bytes, spools.make);
    const plain = await open(bytes);
    const count = slicesOf(copied);
    for (let row = count - 1; row >= 0; row -= Math.ceil(count / 25)) {
      const slice = sliceIndex(row);
      expect(await copied.engine.arguments(copied.of.open, slice)).toEqual(
        await plain.engine.arguments(plain.of.open, slice),
      );
    }
    expect(spools.made).toBe(1);
    expect(spools.written).toBe(gunzipSync(bytes).length);
    await copied.engine.close(copied.of.open);
    expect(spools.removed).toBe(1);
  });

  test('is not made before somebody asks', async () => {
    const spools = new CountedSpools();
    const { engine, of } = await open(bytes, spools.make);
    expect(spools.made).toBe(0);
    await engine.close(of.open);
    expect(spools.removed).toBe(0);
  });

  test('a question reads little of it', async () => {
    const spools = new CountedSpools();
    const opened = await open(bytes, spools.make);
    const ask = (): Promise<unknown> => opened.engine.arguments(opened.of.open, sliceIndex(0));
    await ask();
    spools.read = 0;
    await ask();
    expect(spools.read).toBeLessThanOrEqual(512 << 10);
    await opened.engine.close(opened.of.open);
  });

  test.each([
    ['has no storage at all', (spools: CountedSpools) => Object.assign(spools, { refuses: true })],
    ['is full in the middle', (spools: CountedSpools) => Object.assign(spools, { room: 100_000 })],
    ['is full at once', (spools: CountedSpools) => Object.assign(spools, { room: 0 })],
  ])('a browser that %s answers all the same', async (_title, limit) => {
    const spools = limit(new CountedSpools());
    const copied = await open(bytes, spools.make);
    const plain = await open(bytes);
    const last = sliceIndex(slicesOf(copied) - 1);
    for (const slice of [last, sliceIndex(0), last]) {
      expect(await copied.engine.arguments(copied.of.open, slice)).toEqual(
        await plain.engine.arguments(plain.of.open, slice),
      );
    }
    expect(spools.removed).toBe(spools.made);
  });

  test('many questions at once, and a close in the middle of them', async () => {
    const spools = new CountedSpools();
    const { engine, of } = await open(bytes, spools.make);
    const count = engine.traceOf(of.open)?.tables.slices.length ?? 0;
    const asked = Array.from({ length: 20 }, (_row, i) =>
      engine.arguments(of.open, sliceIndex(Math.floor((i * count) / 20))),
    );
    await engine.close(of.open);
    for (const answer of await Promise.all(asked)) {
      if (!answer.ok) expect(['cancelled', 'file-unreadable']).toContain(answer.failure.code);
    }
    expect(spools.removed).toBe(spools.made);
  });

  test('a question that is cancelled stops no other', async () => {
    const spools = new CountedSpools();
    const { engine, of } = await open(bytes, spools.make);
    const cancelled = await engine.arguments(of.open, sliceIndex(1), { signal: AbortSignal.abort() });
    expect(cancelled).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(await engine.arguments(of.open, sliceIndex(1))).toMatchObject({ ok: true });
    await engine.close(of.open);
  });
});
