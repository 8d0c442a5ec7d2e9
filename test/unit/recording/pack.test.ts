/** A `.pageflame` file: what goes in comes out, and hostile files are refused in words. */
import fc from 'fast-check';
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { makeFailure } from '../../../src/base/index.ts';
import {
  isZip,
  type KeptSource,
  packRecording,
  type Recording,
  unpackRecording,
} from '../../../src/recording/index.ts';
import { buildRecording, bytesOf, noise, streamOf } from '../../builders/recording.ts';

const trace = noise(300_000);
const frames = [noise(40_000, 2), noise(1, 3)];
const whole = buildRecording({
  state: 'whole',
  title: 'Cart „ä“',
  trace: { format: 'perfetto', bytes: trace.length, chunks: 3 },
  frames: frames.map((frame, index) => ({ time: 1_772_373_753_250.5 + index, bytes: frame.length })),
  tags: { env: 'staging' },
});
const packed = (recording: Recording = whole): Promise<Uint8Array> =>
  bytesOf(
    packRecording({
      recording,
      trace: recording.trace && streamOf(trace.subarray(0, 100_000), trace.subarray(100_000)),
      frames: recording.frames.map((_, index) => frames[index]),
    }),
  );

/** The file of `recording.json` and `others`, as somebody else might have zipped it. */
const zipped = (json: unknown, others: Zippable = {}): Uint8Array =>
  zipSync({ 'recording.json': strToU8(JSON.stringify(json)), ...others });

/** The failure's code and detail. */
function refusal(bytes: Uint8Array): readonly [string, string] {
  const unpacked = unpackRecording(bytes, 'x.pageflame');
  return unpacked.ok ? ['none', ''] : [unpacked.failure.code, unpacked.failure.detail];
}

describe('round trip', () => {
  test('gives back recording, trace and pictures', async () => {
    const unpacked = unpackRecording(await packed(), 'x.pageflame');
    if (!unpacked.ok) throw new Error(unpacked.failure.detail);
    expect(unpacked.value.recording).toStrictEqual(whole);
    expect(Buffer.from(unpacked.value.trace ?? []).equals(trace)).toBe(true);
    expect(unpacked.value.frames.map((frame) => Buffer.from(frame))).toStrictEqual(
      frames.map((frame) => Buffer.from(frame)),
    );
  });

  test('source maps and texts, by their list', async () => {
    const sources: KeptSource[] = [
      { kind: 'map', url: 'https://a.test/app.js', fetchedFrom: '', packed: noise(40, 7) },
      { kind: 'map', url: 'https://a.test/b.js', fetchedFrom: 'https://a.test/b.js.map', packed: noise(0) },
      { kind: 'text', url: 'https://a.test/app.js', fetchedFrom: '', packed: noise(30, 8) },
    ];
    const recording = buildRecording({ state: 'whole' });
    const file = await bytesOf(packRecording({ recording, trace: null, frames: [], sources }));
    const unpacked = unpackRecording(file, 'x');
    expect(
      unpacked.ok && unpacked.value.sources.map((each) => ({ ...each, packed: [...each.packed] })),
    ).toEqual(sources.map((each) => ({ ...each, packed: [...each.packed] })));
  });

  test.each([
    ['a list of what is not there', { 'sources.json': '[{"kind":"map","url":"a","fetchedFrom":""}]' }],
    ['a list of what nobody knows', { 'sources.json': '[{"kind":"x","url":"a","fetchedFrom":""}]' }],
    ['a list that is none', { 'sources.json': '[{"url":1}]' }],
    ['no list', { 'sources.json': '[' }],
  ])('%s is no whole recording', (_what, entries) => {
    const others = Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)]));
    const file = zipped(buildRecording({ state: 'whole' }), others);
    expect(refusal(file)).toEqual([
      'recording-broken',
      'the source maps and texts that were given to it are not whole',
    ]);
  });

  test('a recording without a trace', async () => {
    const cutOff = makeFailure('tab-closed-while-recording', { subject: 'shop.example' });
    const recording = buildRecording({ state: 'cut-off', cutOff });
    expect(unpackRecording(await packed(recording), 'x.pageflame')).toStrictEqual({
      ok: true,
      value: { recording, trace: null, frames: [], sources: [] },
    });
  });

  test('any trace bytes, however they are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 500 }), { maxLength: 20 }), async (chunks) => {
        const bytes = Buffer.concat(chunks);
        const recording = buildRecording({
          state: 'whole',
          trace: { format: 'json', bytes: bytes.length, chunks: 1 },
        });
        const file = await bytesOf(packRecording({ recording, trace: streamOf(...chunks), frames: [] }));
        const unpacked = unpackRecording(file, 'x');
        expect(unpacked.ok && Buffer.from(unpacked.value.trace ?? []).equals(bytes)).toBe(true);
      }),
    );
  });

  test('a trace that contains the signatures of ZIP', async () => {
    const tricky = new Uint8Array([
      0x50, 0x4b, 7, 8, 0x50, 0x4b, 3, 4, 0x50, 0x4b, 1, 2, 0x50, 0x4b, 5, 6, 0, 0,
    ]);
    const recording = buildRecording({
      state: 'whole',
      trace: { format: 'perfetto', bytes: tricky.length, chunks: 1 },
    });
    const file = await bytesOf(packRecording({ recording, trace: streamOf(tricky), frames: [] }));
    const unpacked = unpackRecording(file, 'x');
    expect(unpacked.ok && unpacked.value.trace).toStrictEqual(tricky);
  });
});

describe('the file', () => {
  test('holds recording.json, the trace and the pictures under their names, stored once', async () => {
    const file = await packed();
    expect(isZip(file)).toBe(true);
    expect(Object.keys(unzipSync(file))).toStrictEqual([
      'recording.json',
      'trace.pftrace.gz',
      'frames/00000.jpg',
      'frames/00001.jpg',
    ]);
    expect(file.length).toBeLessThan(trace.length + frames[0].length + 3_000);
  });

  test('streams: nothing is read before it is asked for', async () => {
    let read = 0;
    const slow = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          read++;
          if (read > 1000) controller.close();
          else controller.enqueue(noise(1000, read));
        },
      },
      { highWaterMark: 0 },
    );
    const recording = buildRecording({ trace: { format: 'perfetto', bytes: 1_000_000, chunks: 1000 } });
    const reader = packRecording({ recording, trace: slow, frames: [] }).getReader();
    await reader.read();
    await reader.read();
    expect(read).toBeLessThan(10);
    await reader.cancel();
  });

  test('ends with the error of its source', async () => {
    const failure = makeFailure('storage-failed', { subject: 'it' });
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(failure),
    });
    await expect(
      bytesOf(packRecording({ recording: whole, trace: broken, frames: [] })),
    ).rejects.toStrictEqual(failure);
  });
});

describe('refuses', () => {
  test('a newer format version, whatever else it holds', () => {
    expect(refusal(zipped({ formatVersion: 2 }))[0]).toBe('recording-too-new');
    expect(refusal(zipped({ formatVersion: 99, state: { 'of the art': true } }))[0]).toBe(
      'recording-too-new',
    );
  });

  test.each<[string, unknown, string]>([
    ['another shape', { ...whole, startedAt: 'yesterday' }, 'startedAt'],
    ['no version', { ...whole, formatVersion: undefined }, 'formatVersion'],
    ['an impossible time', { ...whole, startedAt: 1e300 }, 'startedAt'],
    ['an id that is a path', { ...whole, id: '../../x' }, 'id'],
    ['a negative size', { ...whole, trace: { format: 'json', bytes: -1, chunks: 0 } }, 'trace.bytes'],
    ['a list', [whole], 'formatVersion'],
    ['null', null, 'as a whole'],
  ])('recording.json with %s, and says where', (_, json, where) => {
    const [code, detail] = refusal(zipped(json));
    expect(code).toBe('recording-broken');
    expect(detail).toContain(where);
  });

  test('no recording.json, or one that is not JSON or not UTF-8', () => {
    expect(refusal(zipSync({ 'readme.txt': strToU8('hello') }))).toStrictEqual([
      'recording-broken',
      'there is no recording.json in it',
    ]);
    expect(refusal(zipSync({ 'recording.json': strToU8('{') }))[0]).toBe('recording-broken');
    expect(refusal(zipSync({ 'recording.json': new Uint8Array([0x22, 0xff, 0x22]) }))[0]).toBe(
      'recording-broken',
    );
  });

  test('a missing or short trace, and a missing picture', () => {
    const pictures = { 'frames/00000.jpg': frames[0], 'frames/00001.jpg': frames[1] };
    expect(refusal(zipped(whole, pictures))[1]).toBe('its trace is not whole');
    expect(refusal(zipped(whole, { ...pictures, 'trace.pftrace.gz': trace.subarray(1) }))[1]).toBe(
      'its trace is not whole',
    );
    expect(refusal(zipped(whole, { 'trace.pftrace.gz': trace, 'frames/00000.jpg': frames[0] }))[1]).toBe(
      'its picture 1 is not whole',
    );
  });

  test('every file that is cut off', async () => {
    const file = await packed(buildRecording({ state: 'whole' }));
    for (let length = 0; length < file.length; length++)
      expect(refusal(file.subarray(0, length))[0]).toBe('recording-broken');
  });

  test('entries that unpack to more than the file can hold', () => {
    const bomb = new Uint8Array(20_000_000);
    expect(refusal(zipped(whole, { 'trace.pftrace.gz': bomb }))[1]).toContain('impossible size');
    expect(refusal(zipSync({ 'recording.json': bomb }))[1]).toContain('impossible size');
  });

  test('never throws and never hangs, whatever bytes it is given', () => {
    const file = zipped(whole, { 'trace.pftrace.gz': trace.subarray(0, 100) });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 12 }), (edits) => {
        const edited = file.slice();
        for (const [offset, value] of edits) edited[offset] = value;
        expect(['none', 'recording-broken', 'recording-too-new']).toContain(refusal(edited)[0]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('forgives', () => {
  test('other files in the ZIP, wherever they claim to lie', () => {
    const file = zipped(
      { ...whole, trace: null, frames: [] },
      { '../../evil.sh': strToU8('rm'), 'notes.txt': strToU8('x') },
    );
    expect(refusal(file)[0]).toBe('none');
  });

  test('unknown keys, and a reason to be cut off that a later program knows', () => {
    const json = {
      ...buildRecording({ state: 'cut-off' }),
      cutOff: { code: 'meteor', message: 'A meteor fell.', detail: '' },
      mood: 'fine',
    };
    const unpacked = unpackRecording(zipped(json), 'x');
    expect(unpacked.ok && unpacked.value.recording.cutOff?.message).toBe('A meteor fell.');
    expect(unpacked.ok && Object.hasOwn(unpacked.value.recording, 'mood')).toBe(false);
  });

  test('a recording that nobody finished: it is cut off', async () => {
    const unpacked = unpackRecording(await packed(buildRecording({ state: 'recording' })), 'x');
    expect(unpacked.ok && unpacked.value.recording.state).toBe('cut-off');
    expect(unpacked.ok && unpacked.value.recording.cutOff?.code).toBe('browser-gone');
  });
});
