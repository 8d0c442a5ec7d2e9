/** Names by the source maps that a recording keeps in its file: everything that the command line writes has them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exportFile } from '../../../src/cli/export.ts';
import { WHOLE_MAIN } from '../../../src/cli/open-profiles.ts';
import { tabulateTop } from '../../../src/cli/top.ts';
import { packRecording, unpackRecording } from '../../../src/recording/index.ts';
import { buildRecording } from '../../builders/recording.ts';
import { micros, trace } from '../../builders/trace.ts';

const APP = 'https://a.test/app.js';
// `function a(){b()}function b(){}` of src/list.ts and src/item.ts.
const map = (a: string, b: string): string =>
  JSON.stringify({
    version: 3,
    sources: ['src/list.ts', 'src/item.ts'],
    names: [a, b],
    mappings: 'SASSA,CAAC,gBCPAC,CAAW',
  });
const call = (functionName: string, columnNumber: number): object => ({
  callFrame: { functionName, url: APP, lineNumber: 0, columnNumber, scriptId: 7 },
});

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageflame-kept-'));
  const { events } = trace()
    .thread('CrRendererMain')
    .navigate('https://a.test/', 1)
    .slice('RunTask', 5, 50)
    .slice('FunctionCall', 10, 20)
    .profile('0x1', 11, { startTime: micros(11) })
    .profileChunk('0x1', 11, {
      nodes: [
        { id: 1, callFrame: { functionName: '(root)' } },
        { id: 2, parent: 1, ...call('a', 10) },
        { id: 3, parent: 2, ...call('b', 27) },
      ],
      samples: [2, 2, 3, 3, 2],
      timeDeltas: [0, 1000, 1000, 1000, 1000],
    });
  const bytes = new Uint8Array(gzipSync(JSON.stringify({ traceEvents: events })));
  const recording = buildRecording({
    state: 'whole',
    trace: { format: 'json', bytes: bytes.length, chunks: 1 },
  });
  const packed = new Uint8Array(gzipSync(map('renderList', 'renderItem')));
  const stream = new Blob([bytes]).stream();
  const sources = [{ kind: 'map', url: APP, fetchedFrom: '', packed }] as const;
  file = join(folder, 'load.pageflame');
  const whole = new Response(packRecording({ recording, trace: stream, frames: [], sources }));
  await writeFile(file, new Uint8Array(await whole.arrayBuffer()));
});
afterAll(() => rm(folder, { recursive: true }));

async function namesIn(sourceMaps: string | null): Promise<string[]> {
  const rows = await tabulateTop({ file, count: 100, scope: WHOLE_MAIN, json: true, sourceMaps });
  if (!rows.ok) throw new Error(rows.failure.message);
  return rows.value.filter(({ url }) => url !== '').map((row) => row.function);
}

test('top and export', async () => {
  expect(await namesIn(null)).toEqual(expect.arrayContaining(['renderList', 'renderItem']));
  const output = join(folder, 'out.folded');
  const scope = { ...WHOLE_MAIN, jsOnly: true };
  expect(
    await exportFile({ file, format: 'folded', type: null, sourceMaps: null, output, scope }),
  ).toBeNull();
  expect(await readFile(output, 'utf8')).toMatch(/^renderList;renderItem \d+$/m);
});

test('a kept map that cannot be read is said, and the names are those that ran', async () => {
  const whole = file;
  const unpacked = unpackRecording(new Uint8Array(await readFile(whole)), 'load');
  if (!unpacked.ok) throw new Error(unpacked.failure.message);
  const { recording, trace: kept, sources } = unpacked.value;
  const broken = sources.map((source) => ({ ...source, packed: Uint8Array.of(1, 2, 3) }));
  const stream = new Blob([new Uint8Array(kept ?? [])]).stream();
  const packed = packRecording({ recording, trace: stream, frames: [], sources: broken });
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    file = join(folder, 'broken.pageflame');
    await writeFile(file, new Uint8Array(await new Response(packed).arrayBuffer()));
    expect(await namesIn(null)).toEqual(expect.arrayContaining(['a', 'b']));
    expect(String(said.mock.calls[0]?.[0])).toContain(
      `The source map of ${APP} was kept with this recording`,
    );
  } finally {
    said.mockRestore();
    file = whole;
  }
});

test('maps that are given now go first', async () => {
  const given = join(folder, 'app.js.map');
  await writeFile(given, map('newList', 'newItem'));
  expect(await namesIn(given)).toEqual(expect.arrayContaining(['newList', 'newItem']));
});
