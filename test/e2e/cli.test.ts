/** The built command line as its users run it: output, files and exit codes. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpackRecording } from '../../src/recording/index.ts';
import { startPyroscopeStandIn } from '../backends/stand-ins/pyroscope.ts';
import { openSite, type Site } from './harness/site.ts';

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let site: Site;
let folder: string;
beforeAll(async () => {
  site = await openSite();
  folder = await mkdtemp(join(tmpdir(), 'pageflame-cli-'));
});
afterAll(async () => {
  await site?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pageflame ARGS` in the test's folder. */
function run(
  args: readonly string[],
  {
    env = {},
    interrupt,
    signal = 'SIGINT',
  }: { env?: NodeJS.ProcessEnv; interrupt?: Promise<void>; signal?: NodeJS.Signals } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    void interrupt?.then(() => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Command lines of browsers whose profile lies in `temporary`. */
const browsersOf = (temporary: string): string[] =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`--user-data-dir=${temporary}`));

const lastLine = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);

async function readRecording(path: string) {
  const unpacked = unpackRecording(await readFile(path), path);
  if (!unpacked.ok) throw new Error(unpacked.failure.message);
  return unpacked.value;
}

test('record --push sends what was recorded, and the backend knows f1, f2 and f3 by the site and their weights', async () => {
  const pyroscope = await startPyroscopeStandIn();
  const to = ['--to', pyroscope.url, '--kind', 'pyroscope', '--label', 'version=2.3.0'];
  const env = { PAGEFLAME_QUEUE: join(folder, 'queue') };
  const ran = await run(['record', `${site.origin}/busy.html`, '-o', 'pushed.pageflame', '--push', ...to], {
    env,
  });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/Look at it: http/);
  expect(lastLine(ran.stdout)).toBe(join(folder, 'pushed.pageflame'));
  const selector = `{service_name="${new URL(site.origin).host}",page="/busy.html",version="2.3.0",thread="main"}`;
  const answer = await fetch(`${pyroscope.url}/querier.v1.QuerierService/SelectMergeStacktraces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      profileTypeID: 'process_cpu:cpu:nanoseconds:cpu:nanoseconds',
      labelSelector: selector,
      start: String(Date.now() - 600_000),
      end: String(Date.now() + 60_000),
    }),
  });
  const { flamegraph } = await answer.json();
  const totalOf = (name: string): number => {
    const row = flamegraph.names.indexOf(name);
    let total = 0;
    for (const { values } of flamegraph.levels)
      for (let at = 0; at < values.length; at += 4)
        if (Number(values[at + 3]) === row) total += Number(values[at + 1]);
    return total / 1e6;
  };
  // 60, 50 and 30 ms; a machine that is busy takes longer, and V8 samples them.
  expect(totalOf('f1')).toBeGreaterThan(50);
  expect(totalOf('f2')).toBeGreaterThan(40);
  expect(totalOf('f3')).toBeGreaterThan(25);
  await pyroscope.stop();
});

describe('record', () => {
  test('records a page load and prints the path last; summary reads it, and the numbers add up', async () => {
    const recorded = await run(['record', `${site.origin}/vitals.html`, '-o', 'vitals.pageflame']);
    expect(recorded).toMatchObject({ code: 0, stderr: '' });
    const path = lastLine(recorded.stdout) ?? '';
    expect(path).toBe(join(folder, 'vitals.pageflame'));
    const { recording, frames } = await readRecording(path);
    expect(recording).toMatchObject({
      state: 'whole',
      url: `${site.origin}/vitals.html`,
      title: 'Vitals',
      loadFinished: true,
      loadError: null,
      stopReason: 'quiet',
      dataLoss: false,
      devtoolsOpen: false,
    });
    // As it names itself, and as the extension's recordings have it: the protocol calls all of its family Chrome.
    expect(recording.browser).toMatch(/^(Chromium|Google Chrome)[\w ]*\/\d+\.\d+\.\d+/);
    expect(recording.vitals.LCP?.value).toBeGreaterThan(300);
    expect(recording.vitals.CLS?.value).toBeGreaterThan(0);
    expect(frames.length).toBeGreaterThan(0);

    const said = await run(['summary', path, '--json']);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const summary = JSON.parse(said.stdout);
    expect(summary.mainThread.url).toBe(`${site.origin}/vitals.html`);
    expect(summary.vitals.lcp).toBeCloseTo(recording.vitals.LCP?.value ?? 0, 0);
    const { startMicros, endMicros } = summary.pageWindow;
    const window = [`--from=${startMicros}`, `--to=${endMicros}`];
    const page = JSON.parse((await run(['summary', path, '--json', ...window])).stdout);
    const sum = Object.values<number>(page.categories).reduce((total, millis) => total + millis, 0);
    expect(Math.abs(sum - (endMicros - startMicros) / 1000)).toBeLessThan(0.005);
  });

  test('names the file after host and time where no name is given', async () => {
    const { code, stdout } = await run(['record', `${site.origin}/plain.html`]);
    expect(code).toBe(0);
    const path = lastLine(stdout) ?? '';
    expect(path).toMatch(/127\.0\.0\.1-\d+-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.pageflame$/);
    await readRecording(path);
  });

  // What CI servers and `timeout` send is kept as what somebody presses.
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'keeps what a page is whose load never ends at %s',
    async (signal) => {
      const asked = site.requests.length;
      const interrupt = (async () => {
        while (!site.requests.slice(asked).includes('/endless'))
          await new Promise((resolve) => setTimeout(resolve, 50));
        await new Promise((resolve) => setTimeout(resolve, 1500));
      })();
      const ran = await run(['record', `${site.origin}/endless`, '-o', 'endless.pageflame'], {
        interrupt,
        signal,
      });
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(ran.stdout).toContain('load did not finish');
      const { recording, trace } = await readRecording(join(folder, 'endless.pageflame'));
      expect(recording).toMatchObject({ state: 'whole', loadFinished: false, stopReason: 'user' });
      expect(trace?.length).toBeGreaterThan(0);
    },
  );

  test('keeps what a page is that hangs, though it answers nothing any more', async () => {
    const asked = site.requests.length;
    const interrupt = (async () => {
      while (!site.requests.slice(asked).includes('/looping.html'))
        await new Promise((resolve) => setTimeout(resolve, 50));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    })();
    const ran = await run(['record', `${site.origin}/looping.html`, '-o', 'looping.pageflame'], {
      interrupt,
    });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('stopped by hand');
    const { recording, trace } = await readRecording(join(folder, 'looping.pageflame'));
    expect(recording).toMatchObject({ state: 'whole', stopReason: 'user' });
    expect(trace?.length).toBeGreaterThan(0);
  });

  test('what cannot be written in the end is left behind, and its place is told', async () => {
    const temporary = await mkdtemp(join(folder, 'left-'));
    const ran = await run(['record', `${site.origin}/plain.html`, '-o', '/dev/full'], {
      env: { TMPDIR: temporary },
    });
    expect(ran.code).toBe(1);
    const path = lastLine(ran.stdout) ?? '';
    expect(path.startsWith(temporary)).toBe(true);
    expect(ran.stderr).toMatch(/^pageflame: \/dev\/full could not be written\..*ENOSPC.*\n$/);
    expect(ran.stderr).toContain(`the recording is in ${path}`);
    expect((await readRecording(path)).recording.state).toBe('whole');
  });

  test('Ctrl+C before anything is recorded leaves no file, no temporary folder and no browser', async () => {
    const temporary = await mkdtemp(join(folder, 'tmp-'));
    // Its folder is made before the browser is started, which takes longer.
    const interrupt = (async () => {
      while ((await readdir(temporary)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    })();
    const ran = await run(['record', `${site.origin}/plain.html`, '-o', 'early.pageflame'], {
      interrupt,
      env: { TMPDIR: temporary },
    });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toBe(`pageflame: The recording of ${site.origin}/plain.html was cancelled.\n`);
    expect(await readdir(temporary)).toStrictEqual([]);
    expect(await readdir(folder)).not.toContain('early.pageflame');
    expect(browsersOf(temporary)).toStrictEqual([]);
  });

  test('a page that cannot be found is recorded, said on one line, and fails', async () => {
    const ran = await run(['record', 'http://pageflame.invalid/', '-o', 'nowhere.pageflame']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe(
      'pageflame: http://pageflame.invalid/ failed to load. Check its address and the network, then record again. (net::ERR_NAME_NOT_RESOLVED)\n',
    );
    expect(lastLine(ran.stdout)).toBe(join(folder, 'nowhere.pageflame'));
    expect((await readRecording(join(folder, 'nowhere.pageflame'))).recording.loadError).toBe(
      'net::ERR_NAME_NOT_RESOLVED',
    );
  });

  test('an error page of the server is a page', async () => {
    const ran = await run(['record', `${site.origin}/500`, '-o', 'broken.pageflame']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect((await readRecording(join(folder, 'broken.pageflame'))).recording.loadError).toBe('HTTP 500');
  });

  test('says what is missing before it records anything', async () => {
    const url = `${site.origin}/plain.html`;
    const noBrowser = await run(['record', url], { env: { PAGEFLAME_CHROMIUM: join(folder, 'none') } });
    expect(noBrowser.code).toBe(1);
    expect(noBrowser.stderr).toMatch(/^pageflame: No Chromium .* was found\. .*npm run setup.*\n$/);
    const noFolder = await run(['record', url, '-o', join('no', 'such', 'x.pageflame')]);
    expect(noFolder.code).toBe(1);
    expect(noFolder.stderr).toMatch(/^pageflame: .*x\.pageflame could not be written\..*no\/such.*\n$/);
    const onFolder = await run(['record', url, '-o', folder]);
    expect(onFolder.code).toBe(1);
    expect(onFolder.stderr).toMatch(/it is a folder\)\n$/);
  });
});

describe('summary refuses in one line', () => {
  const files: readonly (readonly [string, string | Uint8Array | null, RegExp])[] = [
    ['empty.json', '', /empty\.json is empty/],
    ['text.txt', 'Dear diary,', /text\.txt is not a trace/],
    ['image.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0]), /image\.png is not a trace/],
    ['garbage.json.gz', gzipSync('Dear diary,'), /garbage\.json\.gz is not a trace/],
    ['broken.gz', new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), /broken\.gz is gzip, but/],
    ['other.zip', zipSync({ 'a.txt': strToU8('a') }), /other\.zip is a ZIP file, but/],
    [
      'newer.pageflame',
      zipSync({ 'recording.json': strToU8('{"formatVersion": 2}') }),
      /newer\.pageflame was written by a newer Pageflame than this one\. Update Pageflame to open it\./,
    ],
    ['missing.json', null, /missing\.json does not exist/],
  ];
  test.each(files)('%s', async (name, content, sentence) => {
    if (content !== null) await writeFile(join(folder, name), content);
    const ran = await run(['summary', name, '--json']);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(sentence);
    expect(ran.stderr).toMatch(/^pageflame: [^\n]+\n$/);
  });

  test('a folder', async () => {
    await mkdir(join(folder, 'folder'), { recursive: true });
    const ran = await run(['summary', 'folder']);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^pageflame: folder is a folder\. Give one .*\n$/);
  });
});

describe('usage', () => {
  test.each([
    [[], 2],
    [['sumary'], 2],
    [['summary'], 2],
    [['summary', 'a', '--bogus'], 2],
    [['record', 'not-an-address'], 2],
  ])('%j exits %i with one line on stderr', async (args, code) => {
    const ran = await run(args);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(/^pageflame: [^\n]+See pageflame (?:\w+ )?--help\.\n$/);
  });

  test('--help and --version', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('pageflame summary FILE'),
    });
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await run(['--version'])).toStrictEqual({ code: 0, stderr: '', stdout: `${version}\n` });
  });

  test('leaves no temporary folders behind', async () => {
    const temporary = await mkdtemp(join(folder, 'tmp-'));
    await run(['record', `${site.origin}/plain.html`, '-o', 'plain.pageflame'], {
      env: { TMPDIR: temporary },
    });
    expect((await readdir(temporary)).filter((name) => name.startsWith('pageflame'))).toStrictEqual([]);
  });
});
