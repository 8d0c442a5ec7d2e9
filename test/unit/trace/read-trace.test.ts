/** The door: which files open, which are refused with what sentence, and what is left of a broken gzip stream. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import type { FailureCode } from '../../../src/base/index.ts';
import { readTrace } from '../../../src/trace/index.ts';
import { plainTables } from '../../builders/plain-tables.ts';
import { oddities, read, streamOf, tablesOf, trace, utf8 } from '../../builders/trace.ts';

const text = trace().thread('CrRendererMain').slice('RunTask', 0, 5).slice('Layout', 1, 3).text();

async function codeOf(source: string | Uint8Array): Promise<FailureCode | null> {
  const result = await read(source, { subject: 'load.json' });
  if (!result.ok) expect(result.failure.message).toContain('load.json');
  return result.ok ? null : result.failure.code;
}

describe('refused, with the reason', () => {
  test.each<[string, string | Uint8Array, FailureCode]>([
    ['no bytes', '', 'file-empty'],
    ['white space', ' \n', 'not-a-trace'],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'not-a-trace'],
    ['a text', 'Dear diary,', 'not-a-trace'],
    ['an object of something else', '{"a":1}', 'not-a-trace'],
    ['a list of something else', '[1,2]', 'not-a-trace'],
    ['gzip of garbage', Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9), 'gzip-broken'],
    ['gzip of nothing', gzipSync(''), 'gzip-broken'],
    ['gzip of a text', gzipSync('Dear diary,'), 'not-a-trace'],
    ['gzip cut before its first event', gzipSync(text).subarray(0, 12), 'gzip-broken'],
    ['half a gzip magic', Uint8Array.of(0x1f), 'not-a-trace'],
  ])('%s', async (_, source, code) => {
    expect(await codeOf(source)).toBe(code);
  });

  test('a source that breaks off while it is read', async () => {
    let pulls = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pulls++ === 0) controller.enqueue(utf8('{"traceEvents":['));
        else controller.error(new Error('the disk is gone'));
      },
    });
    const result = await readTrace(source, { subject: 'load.json' });
    expect(result).toMatchObject({
      ok: false,
      failure: { code: 'file-unreadable', detail: expect.stringContaining('the disk is gone') },
    });
  });
});

describe('JSON is not taken for a Perfetto trace', () => {
  test.each(['\n[', '\n{', '\n\n [', '\r\n{', '\n\t{'])('%j', async (front) => {
    const rest = front.endsWith('[') ? '{"ph":"I","ts":1}]' : '"traceEvents":[{"ph":"I","ts":1}]}';
    expect((await tablesOf(front + rest)).format).toBe('json');
    expect((await tablesOf(`${front}\n${rest}`)).format).toBe('json');
  });

  test.each([0x5b, 0x7b])(
    'nor a Perfetto trace whose first packet is %d bytes long for JSON',
    async (length) => {
      // Trace.packet { trusted_packet_sequence_id: 1, ... }, then a packet that says nothing.
      const packet = new Uint8Array(2 + length).fill(0);
      packet.set([0x0a, length, 0x50, 0x01, 0x62, length - 4]);
      const tables = await tablesOf(Uint8Array.of(...packet, 0x0a, 0x02, 0x50, 0x01));
      expect(tables.format).toBe('perfetto');
    },
  );
});

describe('gzip', () => {
  const packed = new Uint8Array(gzipSync(text));

  test('gives the tables of the plain file', async () => {
    expect(plainTables(await tablesOf(packed))).toEqual(plainTables(await tablesOf(text)));
  });

  test('of several members is one file', async () => {
    const half = text.indexOf('\n') + 5;
    const members = [gzipSync(text.slice(0, half)), gzipSync(text.slice(half))];
    expect(plainTables(await tablesOf(new Uint8Array(Buffer.concat(members))))).toEqual(
      plainTables(await tablesOf(text)),
    );
  });

  test('cut at every byte: all that can be unpacked, or refused', async () => {
    // All at once: a stream that is cut off is given a while to show that nothing more comes.
    const lengths = Array.from({ length: packed.length - 1 }, (_, index) => index + 1);
    const results = await Promise.all(lengths.map((length) => read(packed.subarray(0, length))));
    for (const length of lengths) {
      const result = results[length - 1];
      const unpacked = unpackAll(packed.subarray(0, length));
      const expected = await read(unpacked);
      if (!expected.ok)
        expect(result).toMatchObject({
          ok: false,
          failure: { code: length < 2 ? 'not-a-trace' : 'gzip-broken' },
        });
      else {
        expect(result.ok && result.value.eventCount).toBe(expected.value.eventCount);
        expect(result.ok && result.value.diagnostics.cutOff).toBe(1);
      }
    }
  });

  test('cut in the middle of megabytes, in pieces, loses nothing', async () => {
    const recipe = trace().thread('CrRendererMain');
    for (let i = 0; i < 40_000; i++)
      recipe.slice(`Task ${(i * 7919) % 1000}`, i, i + 0.5, { args: { seed: Math.imul(i, 0x9e3779b1) } });
    const whole = gzipSync(recipe.text());
    const cut = new Uint8Array(whole.subarray(0, Math.floor(whole.length * 0.7)));
    const expected = await tablesOf(unpackAll(cut));
    for (const size of [cut.length, 65_536, 999]) {
      const sizes = new Array<number>(Math.floor(cut.length / size)).fill(size);
      const tables = await tablesOf(cut, sizes);
      expect([tables.eventCount, tables.diagnostics.cutOff]).toEqual([expected.eventCount, 1]);
    }
  });

  test('damaged in the middle: what came before', async () => {
    const damaged = packed.slice();
    damaged.fill(0xff, packed.length - 30);
    const result = await read(damaged);
    expect(result.ok ? result.value.diagnostics.cutOff : result.failure.code).toBe(1);
  });
});

/** All that zlib can unpack of a cut-off stream. */
function unpackAll(packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed, { finishFlush: 2 });
  } catch {
    return new Uint8Array(0);
  }
}

describe('cancelling', () => {
  test('before it begins', async () => {
    const result = await read(text, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  test.each([
    ['plain', utf8(text)],
    ['gzip', new Uint8Array(gzipSync(text))],
  ])('between two pieces of a %s file: the source is let go of', async (_, bytes) => {
    const controller = new AbortController();
    let cancelled = false;
    let pulls = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(stream) {
        pulls++;
        if (pulls === 4) controller.abort();
        stream.enqueue(bytes.slice((pulls - 1) * 10, pulls * 10));
      },
      cancel() {
        cancelled = true;
      },
    });
    const result = await readTrace(source, { signal: controller.signal });
    expect(result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(cancelled).toBe(true);
  });
});

test('progress tells the bytes read, up to all of them', async () => {
  const seen: number[] = [];
  await readTrace(streamOf(utf8(text), [100, 100]), { onProgress: (bytes) => seen.push(bytes) });
  expect(seen.length).toBeGreaterThanOrEqual(2);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(utf8(text).length);
});

test('a whole trace has no oddities', async () => {
  expect(oddities(await tablesOf(text))).toEqual({});
});

test('a cancel is heard while all bytes are there already', async () => {
  let now = 0;
  // Each look at the clock takes 10 ms.
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
  const controller = new AbortController();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    controller.abort();
    port1.close();
  };
  const piece = new TextEncoder().encode(
    `${'{"ph":"X","name":"a","pid":1,"tid":1,"ts":5,"dur":1},'.repeat(100)}\n`,
  );
  let pieces = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(stream) {
      if (pieces === 0) port2.postMessage('cancel');
      stream.enqueue(pieces === 0 ? new TextEncoder().encode('[') : piece);
      if (++pieces === 5_000) stream.close();
    },
  });
  const read = await readTrace(source, { signal: controller.signal });
  vi.restoreAllMocks();
  expect(read.ok).toBe(false);
  expect(pieces).toBeLessThan(5_000);
});
