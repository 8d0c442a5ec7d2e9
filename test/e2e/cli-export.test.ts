/** `pageflame export`, `top` and `list` of the built command line: a recorded page of known cost, in every format. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writePageflameLink } from '../../src/backends/index.ts';
import { unpackRecording } from '../../src/recording/index.ts';
import { openSite, type Site } from './harness/site.ts';

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let site: Site;
let folder: string;

const run = (...args: readonly string[]): Promise<Ran> => runWith(null, args);

/** With something on stdin. */
function runWith(input: Uint8Array | null, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder });
    child.stdin.end(input ?? undefined);
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

beforeAll(async () => {
  site = await openSite();
  folder = await mkdtemp(join(tmpdir(), 'pageflame-cli-export-'));
  expect(await run('record', `${site.origin}/busy.html`, '-o', 'busy.pageflame')).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await site?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

const FUNCTIONS = ['f1', 'f2', 'f3'];

test.each(['pprof', 'otlp', 'speedscope', 'folded', 'cpuprofile', 'trace', 'pftrace', 'svg'])(
  'export --format %s: the path on stdout, f1, f2 and f3 in the file',
  async (format) => {
    const name = `busy.${format}`;
    expect(await run('export', 'busy.pageflame', '--format', format, '-o', name)).toEqual({
      code: 0,
      stdout: `${name}\n`,
      stderr: '',
    });
    const bytes = await readFile(join(folder, name));
    const plain = format === 'pprof' ? spawnSync('gzip', ['-dc'], { input: bytes }).stdout : bytes;
    for (const each of FUNCTIONS) expect(plain.includes(each), each).toBe(true);
  },
);

test('top: f1, f2 and f3 by their weights, the same from the trace and from its own exports', async () => {
  interface Row {
    readonly function: string;
    readonly selfMs: number;
    readonly totalMs: number;
    readonly samples: number;
    readonly line: number;
    readonly url: string;
  }
  const rowsOf = async (file: string): Promise<Row[]> => {
    const ran = await run('top', file, '-n', '1000', '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(ran.stdout);
  };
  const rows = await rowsOf('busy.pageflame');
  const totals = FUNCTIONS.map((name) => rows.find((row) => row.function === name)?.totalMs ?? 0);
  // 60, 50 and 30 ms; a machine that is busy takes longer, and V8 samples them.
  expect(totals[0]).toBeGreaterThan(50);
  expect(totals[1]).toBeGreaterThan(40);
  expect(totals[2]).toBeGreaterThan(25);
  const f1 = rows.find((row) => row.function === 'f1');
  expect(f1?.url).toBe(`${site.origin}/busy.html`);
  expect(f1?.line).toBeGreaterThan(0);
  await run('export', 'busy.pageflame', '--format', 'trace', '-o', 'again.json');
  const again = await rowsOf('again.json');
  for (const name of FUNCTIONS) {
    const [one, other] = [rows, again].map((list) => list.find((row) => row.function === name)?.totalMs ?? 0);
    expect(Math.abs(one - other)).toBeLessThan(0.01);
  }
});

test('list: lines of f1, whose self time is the function’s', async () => {
  const ran = await run('list', 'busy.pageflame', 'f1', '--json');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  const lines: { line: number; selfMs: number }[] = JSON.parse(ran.stdout);
  expect(lines.length).toBeGreaterThan(0);
  expect((await run('list', 'busy.pageflame', 'f1')).stdout).toContain(`${site.origin}/busy.html`);
});

test('- is stdin and stdout; a pipe is a file', async () => {
  const file = await readFile(join(folder, 'busy.pageflame'));
  const folded = await runWith(file, ['export', '-', '--format', 'folded', '-o', '-']);
  expect(folded).toMatchObject({ code: 0, stderr: '' });
  expect(folded.stdout).toBe(await exported('folded'));
  const shell = (line: string): Ran => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' });
    return { code: status, stdout, stderr };
  };
  const cli = `'${process.execPath}' '${CLI}'`;
  const piped = shell(`${cli} top <(cat busy.pageflame) --json`);
  expect(piped).toEqual(await run('top', 'busy.pageflame', '--json'));
  // Whoever reads may stop reading.
  expect(
    shell(`set -o pipefail; ${cli} export busy.pageflame --format trace -o - | head -c 100`),
  ).toMatchObject({
    code: 0,
    stderr: '',
  });
  // What cannot be written is said in one line.
  for (const command of [
    'summary busy.pageflame',
    'top busy.pageflame',
    'export busy.pageflame --format folded -o -',
  ]) {
    expect(shell(`${cli} ${command} > /dev/full`)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^pageflame: stdout could not be written\..*ENOSPC[^\n]*\n$/),
    });
  }
});

async function exported(format: string): Promise<string> {
  await run('export', 'busy.pageflame', '--format', format, '-o', 'whole');
  return readFile(join(folder, 'whole'), 'utf8');
}

test('find: a broken recording in the folder hides none', async () => {
  await writeFile(join(folder, 'aaa-broken.pageflame'), 'PK\u0003\u0004 and nothing else');
  const unpacked = unpackRecording(await readFile(join(folder, 'busy.pageflame')), 'busy');
  if (!unpacked.ok) throw new Error(unpacked.failure.message);
  const link = writePageflameLink({ recording: unpacked.value.recording.id, range: null });
  const found = await run('find', link);
  expect(found).toMatchObject({ code: 0, stdout: 'busy.pageflame\n' });
  expect(found.stderr).toMatch(/^pageflame: aaa-broken\.pageflame [^\n]+\n$/);
});

test.each(['record', 'summary', 'push', 'export', 'top', 'diff', 'list', 'find'])(
  '%s --help is its own',
  async (name) => {
    const ran = await run(name, '--help');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.match(/^ {2}pageflame \w+/gm)).toEqual([`  pageflame ${name}`]);
  },
);

// In CI it must be there.
const hasGo = process.env.CI === 'true' || spawnSync('go', ['version']).status === 0;

test.runIf(hasGo)(
  'go tool pprof reads it: the same total as the summary, f1 by -peek',
  { timeout: 200_000 },
  async () => {
    if (spawnSync('go', ['version']).status !== 0)
      throw new Error('go is missing: the test needs `go tool pprof`');
    await run('export', 'busy.pageflame', '--format', 'pprof', '--thread', 'main', '-o', 'main.pb.gz');
    const pprof = (...args: string[]): string =>
      spawnSync('go', ['tool', 'pprof', ...args, join(folder, 'main.pb.gz')], { encoding: 'utf8' }).stdout;
    const summary = JSON.parse((await run('summary', 'busy.pageflame', '--json')).stdout);
    const { idle: _, ...busy } = summary.categories;
    const millis = Object.values(busy).reduce((sum: number, each) => sum + Number(each), 0);
    const [, total] = /of ([\d.]+)ns total|Total: ([\d.]+)ns/.exec(pprof('-top', '-unit=ns')) ?? [];
    expect(Math.abs(Number(total) / 1e6 - millis)).toBeLessThan(0.01);
    expect(pprof('-peek=^f1$', '-unit=ms')).toContain('| f1');
  },
);

describe('exit codes', () => {
  test.each([
    [['export', 'busy.pageflame', '--format', 'jfr', '-o', 'x'], 2],
    [['export', 'busy.pageflame', '--format', 'svg'], 2],
    [['top'], 2],
    [['list', 'busy.pageflame'], 2],
    [['export', 'nowhere.json', '--format', 'svg', '-o', 'x'], 1],
    [['export', 'busy.pageflame', '--format', 'svg', '--thread', '1:1', '-o', 'x'], 1],
    [['list', 'busy.pageflame', 'nobody\u001b[31m'], 1],
  ])('%j: %d, one line on stderr', async (args, code) => {
    const ran = await run(...args);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(/^pageflame: [^\n]+\n$/);
    expect(ran.stderr).not.toContain('\u001b');
  });
});
