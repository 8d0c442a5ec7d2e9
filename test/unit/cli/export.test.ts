/** `pageflame export`, `top` and `list` at their functions: file shapes, totals, source maps. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FailureCode } from '../../../src/base/index.ts';
import { exportFile } from '../../../src/cli/export.ts';
import { tabulateList } from '../../../src/cli/list.ts';
import { openProfiles, WHOLE_MAIN } from '../../../src/cli/open-profiles.ts';
import { summarizeFile } from '../../../src/cli/summary.ts';
import { tabulateTop } from '../../../src/cli/top.ts';
import { readPprof, type StackProfile } from '../../../src/profile/index.ts';
import { type ExportChanges, exportOptions } from '../../builders/export-options.ts';
import { totalOf } from '../../builders/profile-comparison.ts';
import { SHARED } from '../../builders/shared-traces.ts';

const PFTRACE = fileURLToPath(new URL('../../fixtures/traces/workers.pftrace.gz', import.meta.url));
const REACT = join(SHARED, 'traces/react.json.gz');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageflame-export-'));
});
afterAll(() => rm(folder, { recursive: true }));

const optionsOf = (file: string, changes: ExportChanges) => exportOptions(file, join(folder, 'out'), changes);

async function exported(file: string, changes: ExportChanges): Promise<Buffer> {
  const options = optionsOf(file, changes);
  expect(await exportFile(options)).toBeNull();
  return readFile(options.output);
}

async function refusal(file: string, changes: ExportChanges = {}): Promise<FailureCode | undefined> {
  const options = optionsOf(file, { output: join(folder, 'never'), ...changes });
  const failure = await exportFile(options);
  expect(failure?.message ?? '').not.toContain('\n');
  return failure?.code;
}

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('totals are the summary’s', () => {
  test.each([REACT, PFTRACE])('%s: whole and a part of it', { timeout: 60_000 }, async (file) => {
    const whole = await summarizeFile({ file, json: true, eventsOnly: false, from: null, to: null });
    if (!whole.ok) throw new Error(whole.failure.message);
    const { startMicros, endMicros } = whole.value.window;
    const third = (endMicros - startMicros) / 3;
    for (const [from, to] of [
      [null, null],
      [startMicros + third, endMicros - third],
    ] as const) {
      const summary = await summarizeFile({ file, json: true, eventsOnly: false, from, to });
      if (!summary.ok) throw new Error(summary.failure.message);
      const { categories, window } = summary.value;
      const busy = Object.entries(categories ?? {}).reduce(
        (sum, [name, value]) => (name === 'idle' ? sum : sum + value),
        0,
      );
      for (const type of ['cpu', 'wall'] as const) {
        const profiles = pprofOf(await exported(file, { type, scope: { from, to } }));
        const weights = profiles.find((profile) => profile.type === type);
        const expected = type === 'cpu' ? busy : (window.endMicros - window.startMicros) / 1000;
        expect(Math.abs((weights === undefined ? 0 : totalOf(weights) / 1000) - expected)).toBeLessThan(0.01);
        const folded = await exported(file, { type, format: 'folded', scope: { from, to } });
        const lines = folded.toString().trimEnd().split('\n');
        const sum = lines.reduce((all, line) => all + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
        expect(Math.abs(sum / 1000 - expected)).toBeLessThan(0.01);
      }
    }
  });

  function pprofOf(bytes: Buffer): readonly StackProfile[] {
    const found = readPprof(gunzipSync(bytes));
    if (found === null) throw new Error('no pprof');
    return found.profiles;
  }

  test('all threads: one file, told apart by the label thread', async () => {
    const found = readPprof(gunzipSync(await exported(PFTRACE, { scope: { thread: 'all' } })));
    const names = new Set(found?.profiles.map(({ thread }) => thread.name));
    expect(names.size).toBeGreaterThan(3);
    expect([...names]).toContain('CrRendererMain');
  });
});

describe('file shapes', () => {
  test('folded with all threads: the thread is the first frame', async () => {
    const lines = (await exported(PFTRACE, { format: 'folded', scope: { thread: 'all' } }))
      .toString()
      .trimEnd()
      .split('\n');
    expect(lines.every((line) => /^[^;]+;.* \d+$/.test(line))).toBe(true);
    expect(lines.some((line) => line.startsWith('CrRendererMain;Task'))).toBe(true);
  });

  test('speedscope: one sampled profile per thread, microseconds', async () => {
    const file = JSON.parse(
      (await exported(PFTRACE, { format: 'speedscope', scope: { thread: 'all' } })).toString(),
    );
    expect(file.profiles.length).toBeGreaterThan(3);
    for (const profile of file.profiles)
      expect(profile).toMatchObject({ type: 'sampled', unit: 'microseconds' });
  });

  test('cpuprofile: JavaScript frames only', async () => {
    const file = JSON.parse((await exported(REACT, { format: 'cpuprofile' })).toString());
    const names = new Set(
      file.nodes.map((node: { callFrame: { functionName: string } }) => node.callFrame.functionName),
    );
    expect(names).toContain('performWorkUntilDeadline');
    for (const name of ['Task', 'Layout', 'Function call']) expect(names).not.toContain(name);
  });

  test('--js-only', async () => {
    const text = (await exported(REACT, { format: 'folded', scope: { jsOnly: true } })).toString();
    expect(text).not.toMatch(/(^|;)(Task|Layout)[; ]/m);
    expect(text).toContain('(program)');
  });

  test('otlp, svg, trace and pftrace', async () => {
    expect((await exported(PFTRACE, { format: 'otlp' }))[0]).toBe(0x0a);
    expect((await exported(PFTRACE, { format: 'svg' })).toString()).toMatch(/^<\?xml/);
    expect(JSON.parse((await exported(PFTRACE, { format: 'trace' })).toString()).metadata.source).toBe(
      'Pageflame',
    );
    expect((await exported(PFTRACE, { format: 'pftrace' })).equals(gunzipSync(await readFile(PFTRACE)))).toBe(
      true,
    );
  });

  test('a thread by its ids', async () => {
    const summary = await summarizeFile({ file: REACT, json: true, eventsOnly: false, from: null, to: null });
    const thread = summary.ok ? summary.value.threads.find(({ role }) => role === 'compositor') : undefined;
    const scope = { thread: { pid: thread?.pid ?? 0, tid: thread?.tid ?? 0 } };
    const found = readPprof(gunzipSync(await exported(REACT, { scope })));
    expect(found?.profiles[0].thread).toMatchObject(scope.thread);
  });
});

describe('profiles of other tools are taken, too', () => {
  test('folded in, speedscope out; top of it', async () => {
    const file = await write('stacks.txt', 'main;render 3\nmain 1\n');
    const out = JSON.parse((await exported(file, { format: 'speedscope' })).toString());
    expect(out.shared.frames.map(({ name }: { name: string }) => name)).toEqual(['main', 'render']);
  });

  test('counts and times are not mixed; one thread goes into a .cpuprofile', async () => {
    const file = await write('both.pb.gz', await exported(REACT, {}));
    const sumOf = async (source: string): Promise<number> => {
      const lines = (await exported(source, { format: 'folded' })).toString().trimEnd().split('\n');
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    };
    expect(Math.abs((await sumOf(file)) - (await sumOf(REACT)))).toBeLessThan(10);
    expect(
      JSON.parse((await exported(file, { format: 'cpuprofile' })).toString()).nodes.length,
    ).toBeGreaterThan(100);
    const many = await write('many.pb.gz', await exported(PFTRACE, { scope: { thread: 'all' } }));
    // Its first thread is its main one.
    expect(
      JSON.parse((await exported(many, { format: 'cpuprofile' })).toString()).nodes.length,
    ).toBeGreaterThan(10);
    expect(await refusal(many, { format: 'cpuprofile', scope: { thread: 'all' } })).toBe(
      'profile-of-many-threads',
    );
    const counts = await write('counts.txt', 'a;b 3\n');
    expect(await refusal(counts, { format: 'cpuprofile' })).toBe('profile-without-time');
  });

  test('threads, kinds of time and ranges of a file, as far as it has them', async () => {
    const file = await write(
      'wall.speedscope.json',
      await exported(PFTRACE, {
        format: 'speedscope',
        type: 'wall',
        scope: { thread: 'all' },
      }),
    );
    const opened = await openProfiles(file, null);
    if (!opened.ok || opened.value.kind !== 'profiles') throw new Error('no profiles');
    const [main] = opened.value.profiles;
    const { start, end } = main.range;
    const totalsOf = async (changes: ExportChanges): Promise<number[]> => {
      const text = (await exported(file, { format: 'speedscope', ...changes })).toString();
      return JSON.parse(text).profiles.map(({ weights }: { weights: number[] }) =>
        weights.reduce((a, b) => a + b, 0),
      );
    };
    const heard = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const [all, whole, busy, half] = [
      await totalsOf({ scope: { thread: 'all' } }),
      await totalsOf({}),
      await totalsOf({ type: 'cpu' }),
      await totalsOf({ scope: { from: start, to: (start + end) / 2 } }),
    ];
    expect(heard.mock.calls.join()).toMatch(/holds \d+ threads; this is the first, .*CrRendererMain/);
    heard.mockRestore();
    expect(all.length).toBe(opened.value.profiles.length);
    expect(whole).toEqual([all[0]]);
    expect(whole[0]).toBeCloseTo(end - start, 0);
    expect(busy[0]).toBeLessThan(whole[0] / 2);
    expect(half[0]).toBeCloseTo((end - start) / 2, 0);
    expect(
      await tabulateTop({
        file,
        count: 5,
        scope: { ...WHOLE_MAIN, thread: 'all' },
        json: true,
        sourceMaps: null,
      }),
    ).toMatchObject({ ok: true });
  });

  test('top of a file that holds idle time: without it', async () => {
    const file = await write('react.cpuprofile', await exported(REACT, { format: 'cpuprofile' }));
    const rows = await tabulateTop({ file, count: 1000, scope: WHOLE_MAIN, json: true, sourceMaps: null });
    const names = rows.ok ? rows.value.map((row) => row.function) : [];
    expect(names).toContain('createElementWithValidation');
    expect(names).not.toContain('(idle)');
  });

  test('a cut file is read as far as it goes, and it is said', async () => {
    const whole = await exported(REACT, {});
    const file = await write('cut.pb.gz', whole.subarray(0, whole.length / 2));
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const rows = await tabulateTop({ file, count: 5, scope: WHOLE_MAIN, json: true, sourceMaps: null });
    const words = said.mock.calls.map(([text]) => String(text));
    said.mockRestore();
    // Its names come last: without them there is no table.
    expect(rows).toMatchObject({ ok: false, failure: { code: 'not-a-profile' } });
    expect(words).toEqual([]);
    const folded = gzipSync(Array.from({ length: 9_999 }, (_, i) => `main;f${i} ${i + 1}\n`).join(''));
    const text = await write('cut.folded.gz', folded.subarray(0, folded.length / 2));
    const heard = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await exportFile(optionsOf(text, { format: 'svg' }))).toBeNull();
    expect(heard.mock.calls.join()).toMatch(
      /cut\.folded\.gz is read without \d+ entries that could not be read, or a cut end/,
    );
    heard.mockRestore();
  });

  test('top of a file of samples counts them', async () => {
    const file = fileURLToPath(new URL('../../fixtures/profiles/node.cpuprofile', import.meta.url));
    const { samples } = JSON.parse(await readFile(file, 'utf8'));
    const rows = await tabulateTop({ file, count: 1000, scope: WHOLE_MAIN, json: true, sourceMaps: null });
    if (!rows.ok) throw new Error(rows.failure.message);
    const counted = rows.value.reduce((sum, row) => sum + row.samples, 0);
    expect(counted).toBeGreaterThan(samples.length / 2);
    expect(counted).toBeLessThanOrEqual(samples.length);
  });

  test('our own pprof back: the same top', async () => {
    const rows = await tabulateTop({
      file: REACT,
      count: 10,
      scope: WHOLE_MAIN,
      json: true,
      sourceMaps: null,
    });
    const file = await write('react.pb.gz', await exported(REACT, {}));
    const back = await tabulateTop({ file, count: 10, scope: WHOLE_MAIN, json: true, sourceMaps: null });
    expect(back).toEqual(rows);
  });
});

describe('top and list', () => {
  test('top: by self time, in milliseconds, with V8’s samples', async () => {
    const rows = await tabulateTop({
      file: REACT,
      count: 500,
      scope: WHOLE_MAIN,
      json: true,
      sourceMaps: null,
    });
    if (!rows.ok) throw new Error(rows.failure.message);
    for (const [i, row] of rows.value.entries()) {
      expect(row.unit).toBe('ms');
      expect(row.total).toBeGreaterThanOrEqual(row.self);
      if (i > 0) expect(row.self).toBeLessThanOrEqual(rows.value[i - 1].self);
    }
    const element = rows.value.find((row) => row.function === 'createElementWithValidation');
    expect(element).toMatchObject({ url: expect.stringContaining('react.development.js'), line: 2311 });
    expect(element?.samples).toBeGreaterThan(0);
  });

  test('list: lines of the function, their self time is the function’s', async () => {
    const name = 'createElementWithValidation';
    const rows = await tabulateList({
      file: REACT,
      functionName: name,
      scope: WHOLE_MAIN,
      json: true,
      sourceMaps: null,
    });
    const top = await tabulateTop({
      file: REACT,
      count: 500,
      scope: WHOLE_MAIN,
      json: true,
      sourceMaps: null,
    });
    if (!rows.ok || !top.ok) throw new Error('not read');
    const self = rows.value.reduce((sum, row) => sum + row.self, 0);
    expect(self).toBeCloseTo(top.value.find((row) => row.function === name)?.self ?? 0, 1);
    expect(rows.value.length).toBeGreaterThan(3);
  });
});

describe('source maps', () => {
  // `function a(){…}` of line 1 is `renderList` of src/list.ts line 10; generated line 2 is src/list.ts line 12.
  const map = {
    version: 3,
    file: 'app.min.js',
    sources: ['../src/list.ts'],
    names: ['renderList'],
    mappings: 'SASSA,KAEA;AACA',
  };
  const profile = {
    nodes: [
      { id: 1, callFrame: { functionName: '(root)', url: '' }, children: [2] },
      {
        id: 2,
        callFrame: {
          functionName: 'a',
          url: 'https://a.test/js/app.min.js?v=3',
          lineNumber: 0,
          columnNumber: 10,
        },
      },
    ],
    startTime: 0,
    endTime: 1000,
    samples: [2],
    timeDeltas: [0],
  };

  test('names, files and lines as the author wrote them; a folder is looked through', async () => {
    const file = await write('min.cpuprofile', JSON.stringify(profile));
    await mkdir(join(folder, 'maps/js'), { recursive: true });
    const path = await write('maps/js/app.min.js.map', `)]}'\n${JSON.stringify(map)}`);
    for (const sourceMaps of [path, join(folder, 'maps')]) {
      const rows = await tabulateTop({ file, count: 5, scope: WHOLE_MAIN, json: true, sourceMaps });
      expect(rows).toMatchObject({
        ok: true,
        value: [{ function: 'renderList', url: '../src/list.ts', line: 10 }],
      });
    }
  });

  test('none that fits, one that is broken, one that is not there', async () => {
    const file = await write('min.cpuprofile', JSON.stringify(profile));
    const other = await write('other.js.map', JSON.stringify({ ...map, file: 'other.js' }));
    const broken = await write('app.min.js.map', '{"version":3,"mappings":4}');
    const codeOf = async (sourceMaps: string): Promise<string> => {
      const rows = await tabulateTop({ file, count: 5, scope: WHOLE_MAIN, json: true, sourceMaps });
      return rows.ok ? 'ok' : rows.failure.code;
    };
    expect(await codeOf(other)).toBe('source-map-unmatched');
    expect(await codeOf(broken)).toBe('source-map-broken');
    expect(await codeOf(join(folder, 'nowhere'))).toBe('file-not-found');
  });
});
