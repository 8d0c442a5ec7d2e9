import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fail, makeFailure, type Result, sliceIndex, succeed } from '../../../src/base/index.ts';
import { Engine, type LibraryReader, type OpenId, type Source } from '../../../src/engine/index.ts';
import { packRecording } from '../../../src/recording/index.ts';
import { buildRecording, NO_SOURCES } from '../../builders/recording.ts';
import { SHARED } from '../../builders/shared-traces.ts';

const MAIN = { pid: 10, tid: 1, cat: 'devtools.timeline' };
const LAYOUT = { beginData: { dirtyObjects: 7, totalObjects: 1_204, partialLayout: true } };
const TRACE = JSON.stringify({
  traceEvents: [
    { ...MAIN, ph: 'X', ts: 1_000, dur: 4_000, name: 'RunTask' },
    { ...MAIN, ph: 'X', ts: 2_000, dur: 1_000, tdur: 870, name: 'Layout', args: LAYOUT },
  ],
});
const GZIPPED = new Uint8Array(gzipSync(TRACE));
const WHOLE = buildRecording({
  name: 'small',
  state: 'whole',
  trace: { format: 'json', bytes: GZIPPED.length, chunks: 1 },
});
const LAYOUT_ROW = sliceIndex(1);

const fileOf = (content: BlobPart): Source => ({ kind: 'file', name: 'a', file: new Blob([content]) });
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code);

async function openOrThrow(engine: Engine, source: Source): Promise<OpenId> {
  const opened = await engine.open(source);
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value.open;
}

async function packed(): Promise<ArrayBuffer> {
  const trace = new Blob([GZIPPED]).stream();
  return new Response(packRecording({ recording: WHOLE, trace, frames: [] })).arrayBuffer();
}

describe('the arguments of a slice', () => {
  test('from a plain file, gzip, a recording file and the library: the same', async () => {
    const library: LibraryReader = {
      ...NO_SOURCES,
      get: async () => succeed(WHOLE),
      list: async () => succeed([]),
      followTrace: () => Promise.reject(new Error('what has ended is not followed')),
      readFrame: () => Promise.reject(new Error('no picture is asked for')),
      readTrace: async () => succeed(new Blob([GZIPPED]).stream()),
    };
    const engine = new Engine({ library });
    const sources = [
      fileOf(TRACE),
      fileOf(GZIPPED),
      fileOf(await packed()),
      { kind: 'library', id: WHOLE.id } as const,
    ];
    for (const source of sources) {
      const said = await engine.arguments(await openOrThrow(engine, source), LAYOUT_ROW);
      expect(said).toMatchObject({
        ok: true,
        value: {
          slice: LAYOUT_ROW,
          facts: [
            { name: 'Objects to lay out', text: '7' },
            { name: 'Objects in all', text: '1\u202f204' },
            { name: 'Scope', text: 'part of the document' },
            { name: 'CPU time', text: '0.87\u00a0ms' },
          ],
          stack: { frames: [], leftOut: 0 },
          all: { children: [{ name: 'beginData' }, { name: 'tdur', text: '870' }] },
        },
      });
    }
  });

  test('a JavaScript call says who called it', async () => {
    const engine = new Engine({ library: null });
    const file = await openAsBlob(join(SHARED, 'traces', 'ss-69-simple.json.gz'));
    const open = await openOrThrow(engine, { kind: 'file', name: 'simple', file });
    const trace = engine.traceOf(open);
    if (trace === null) throw new Error('not open');
    const { slices, strings } = trace.tables;
    const gamma = slices.name.findIndex((row) => strings.get(row) === 'gamma');
    const said = await engine.arguments(open, sliceIndex(gamma));
    expect(said.ok && said.value.facts).toEqual([]);
    expect(said.ok && said.value.stack.frames.map(({ text }) => text)).toContain('alpha');
    expect(said.ok && said.value.stack.frames[0].source?.line).toBeGreaterThan(0);
  });

  test('the end of a slice of our own recordings', async () => {
    const engine = new Engine({ library: null });
    const path = fileURLToPath(new URL('../../fixtures/traces/known-costs.pftrace.gz', import.meta.url));
    const open = await openOrThrow(engine, { kind: 'file', name: 'costs', file: await openAsBlob(path) });
    const trace = engine.traceOf(open);
    if (trace === null) throw new Error('not open');
    const { slices, strings } = trace.tables;
    const style = slices.name.findIndex((row) => strings.get(row) === 'UpdateLayoutTree');
    const said = await engine.arguments(open, sliceIndex(style));
    expect(said.ok && said.value.facts[0]).toMatchObject({
      name: 'Elements affected',
      text: expect.stringMatching(/^\d+$/),
    });
  });

  test('a library that fails says why; a cancelled or closed question is cancelled', async () => {
    let reads = 0;
    const library: LibraryReader = {
      ...NO_SOURCES,
      get: async () => succeed(WHOLE),
      list: async () => succeed([]),
      followTrace: () => Promise.reject(new Error('what has ended is not followed')),
      readFrame: () => Promise.reject(new Error('no picture is asked for')),
      readTrace: async () => {
        if (reads++ === 0) return succeed(new Blob([GZIPPED]).stream());
        if (reads > 2) return fail(makeFailure('recording-not-found'));
        const failure = makeFailure('storage-failed');
        return succeed(new ReadableStream({ pull: (controller) => controller.error(failure) }));
      },
    };
    const engine = new Engine({ library });
    const open = await openOrThrow(engine, { kind: 'library', id: WHOLE.id });
    expect(codeOf(await engine.arguments(open, LAYOUT_ROW))).toBe('storage-failed');
    expect(codeOf(await engine.arguments(open, LAYOUT_ROW))).toBe('recording-not-found');
    const plain = await openOrThrow(engine, fileOf(TRACE));
    const options = { signal: AbortSignal.abort() };
    expect(codeOf(await engine.arguments(plain, LAYOUT_ROW, options))).toBe('cancelled');
    await engine.close(plain);
    expect(codeOf(await engine.arguments(plain, LAYOUT_ROW))).toBe('cancelled');
  });
});
