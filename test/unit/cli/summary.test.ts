/** `pageflame summary` at its function: which files it takes, what it refuses with which sentence, which window it means. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FailureCode, makeFailure } from '../../../src/base/index.ts';
import { runSummary, type SummaryOptions, summarizeFile } from '../../../src/cli/summary.ts';
import type { FileSummary } from '../../../src/cli/summary-table.ts';
import { NO_VITALS, packRecording } from '../../../src/recording/index.ts';
import { wholePage } from '../../builders/random-traces.ts';
import { buildRecording, bytesOf, streamOf } from '../../builders/recording.ts';
import { micros, trace } from '../../builders/trace.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageflame-summary-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ask = (file: string, options: Partial<SummaryOptions> = {}): ReturnType<typeof summarizeFile> =>
  summarizeFile({ file, json: true, eventsOnly: false, from: null, to: null, ...options });

async function summaryOf(file: string, options: Partial<SummaryOptions> = {}): Promise<FileSummary> {
  const result = await ask(file, options);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('refuses, in one sentence that names the file', () => {
  const garbage = Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0);
  const zip = Uint8Array.of(0x50, 0x4b, 3, 4, 1, 2, 3);

  test.each<[string, string | Uint8Array, FailureCode]>([
    ['empty.json', '', 'file-empty'],
    ['picture.json', png, 'not-a-trace'],
    ['diary.txt', 'Dear diary,', 'not-a-trace'],
    ['stacks.folded', 'main;render 3\n', 'profile-not-summed'],
    ['object.json', '{"a":1}', 'not-a-trace'],
    ['numbers.json', '[1,2]', 'not-a-trace'],
    ['objects.json', '[{"id":1}]', 'not-a-trace'],
    ['garbage.json.gz', garbage, 'gzip-broken'],
    ['cut.json.gz', gzipSync(wholePage().text()).subarray(0, 15), 'gzip-broken'],
    ['broken.pageflame', zip, 'recording-broken'],
  ])('%s', async (name, content, code) => {
    const result = await ask(await write(name, content));
    const { message } = makeFailure(code, { subject: name });
    expect(result).toMatchObject({ ok: false, failure: { code, message } });
    expect(message).not.toContain('\n');
  });

  test('a folder, and a file that is not there', async () => {
    const missing = join(folder, 'nowhere.json');
    const isFolder = makeFailure('file-is-folder', { subject: folder }).message;
    const isMissing = makeFailure('file-not-found', { subject: missing }).message;
    expect(await ask(folder)).toMatchObject({
      ok: false,
      failure: { code: 'file-is-folder', message: isFolder },
    });
    expect(await ask(missing)).toMatchObject({
      ok: false,
      failure: { code: 'file-not-found', message: isMissing },
    });
  });
});

describe('reads', () => {
  const text = wholePage().text();

  test.each<[string, string | Uint8Array]>([
    ['plain.json', text],
    ['packed.json.gz', gzipSync(text)],
    ['named-wrongly.txt', gzipSync(text)],
    ['a b 😀.json', text],
  ])('%s', async (name, content) => {
    const path = await write(name, content);
    expect(await summaryOf(path)).toMatchObject({
      file: path,
      format: 'json',
      durationMs: 10,
      diagnostics: { cutOff: 0 },
    });
  });

  test('a cut-off file, and says so', async () => {
    const summary = await summaryOf(await write('cut.json', text.slice(0, -300)));
    expect(summary.diagnostics.cutOff).toBe(1);
    expect(summary.events).toBeLessThan(wholePage().events.length);
    expect(summary.mainThread).toMatchObject({ url: 'https://a.test/' });
  });

  test('a recording, whose own vitals go first', async () => {
    const packed = gzipSync(text);
    const vitals = { ...NO_VITALS, LCP: { value: 77, rating: 'good', attribution: {} } } as const;
    const recording = buildRecording({ trace: { format: 'json', bytes: packed.length, chunks: 1 }, vitals });
    const bytes = await bytesOf(
      packRecording({ recording, trace: streamOf(new Uint8Array(packed)), frames: [] }),
    );
    const summary = await summaryOf(await write('load.pageflame', bytes));
    expect(summary.vitals).toMatchObject({ lcp: 77, fcp: 6 });
  });

  test('a trace without a page: null is no failure', async () => {
    const path = await write('generic.json', '[{"ph":"X","name":"a","ts":1,"dur":5}]');
    expect(await summaryOf(path)).toMatchObject({ mainThread: null, categories: null, pageWindow: null });
  });
});

describe('the window', () => {
  test('is the whole trace, or what --from and --to say, one or both', async () => {
    const path = await write('window.json', wholePage().text());
    const windowOf = async (from: number | null, to: number | null): Promise<number[]> => {
      const { window, categories } = await summaryOf(path, { from, to });
      const sum = Object.values(categories ?? {}).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo((window.endMicros - window.startMicros) / 1000, 2);
      return [window.startMicros, window.endMicros];
    };
    expect(await windowOf(null, null)).toEqual([micros(0), micros(10)]);
    expect(await windowOf(micros(2), null)).toEqual([micros(2), micros(10)]);
    expect(await windowOf(null, micros(3.5))).toEqual([micros(0), micros(3.5)]);
    expect(await windowOf(micros(2) + 0.25, micros(4))).toEqual([micros(2) + 0.25, micros(4)]);
    expect(await windowOf(micros(10), null)).toEqual([micros(10), micros(10)]);
    expect(await windowOf(micros(-5), micros(50))).toEqual([micros(-5), micros(50)]);
  });

  test.each([
    [micros(50), null],
    [null, micros(-50)],
    [micros(11), micros(12)],
  ])('from %s to %s holds nothing of the trace: refused, as by all commands', async (from, to) => {
    const path = await write('window.json', wholePage().text());
    expect(await ask(path, { from, to })).toMatchObject({
      ok: false,
      failure: { code: 'range-outside', detail: expect.stringMatching(/^it runs from \d+ to \d+$/) },
    });
  });

  test('with the page window’s figures, from JSON text, it is the page window exactly', async () => {
    const path = await write('page.json', wholePage().text());
    const { pageWindow } = JSON.parse(JSON.stringify(await summaryOf(path)));
    const summary = await summaryOf(path, { from: pageWindow.startMicros, to: pageWindow.endMicros });
    expect(summary.window).toEqual(pageWindow);
    expect(summary.categories).toMatchObject({ idle: 0 });
  });

  test('--events-only leaves the samples out', async () => {
    const path = await write('events.json', wholePage().text());
    const [all, events] = [await summaryOf(path), await summaryOf(path, { eventsOnly: true })];
    expect(events.categories).toMatchObject({ scripting: 6, rendering: 1, system: 2 });
    expect(all.categories).toMatchObject({ scripting: 7, rendering: 1, system: 1 });
    expect(events.samples).toBe(all.samples);
  });
});

test('every odd fixture is read or refused, never thrown', async () => {
  const odd = fileURLToPath(new URL('../../fixtures/odd/', import.meta.url));
  const refused: string[] = [];
  const names = await readdir(odd);
  for (const name of names) if (!(await ask(join(odd, name))).ok) refused.push(name);
  expect(refused.sort()).toEqual(names.filter((name) => name.startsWith('refused')).sort());
});

describe('the command', () => {
  async function run(file: string, json: boolean): Promise<{ code: number; out: string; err: string }> {
    const written = { out: '', err: '' };
    const take = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
      written[stream] += String(text);
      return true;
    };
    const spies = [
      vi.spyOn(process.stdout, 'write').mockImplementation(take('out')),
      vi.spyOn(process.stderr, 'write').mockImplementation(take('err')),
    ];
    try {
      const code = await runSummary({ file, json, eventsOnly: false, from: null, to: null });
      return { code, ...written };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  }

  test('with --json prints the JSON and nothing else', async () => {
    const path = await write('run.json', wholePage().text());
    const { code, out, err } = await run(path, true);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(await summaryOf(path))));
  });

  test('without it prints a table whose parts add up', async () => {
    const { code, out } = await run(await write('table.json', wholePage().text()), false);
    expect(code).toBe(0);
    expect(out).toMatch(/scripting +7\.000 ms +70\.0 %/);
    expect(out).toMatch(/total +10\.000 ms/);
    // As --thread takes them.
    expect(out).toMatch(/Threads, busy time:\n {2}-?\d+:-?\d+ .*CrRendererMain/);
  });

  test('prints nothing that a terminal would obey', async () => {
    const url = 'https://a.test/\u001b[31m\nred';
    const path = await write(
      'red.json',
      trace().thread('CrRendererMain').slice('RunTask', 0, 9).navigate(url, 1).text(),
    );
    const { out } = await run(path, false);
    expect(out).toContain('https://a.test/·[31m·red');
    expect(out).not.toContain('\u001b');
  });

  test('fails with one line on stderr, nothing on stdout and exit code 1', async () => {
    const { code, out, err } = await run(join(folder, 'nowhere.json'), true);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^pageflame: [^\n]+ does not exist\. Check the path\.\n$/);
  });
});
