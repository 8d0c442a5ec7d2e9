/** `pageflame push`, from a file to what a backend answers about it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, NO_CREDENTIALS, pyroscope } from '../../src/backends/index.ts';
import { readArguments } from '../../src/cli/arguments.ts';
import { openProfiles } from '../../src/cli/open-profiles.ts';
import { runPush } from '../../src/cli/push.ts';
import { summarizeFile } from '../../src/cli/summary.ts';
import { profileOfRange } from '../../src/profile/index.ts';
import { buildDestination } from '../builders/cargo.ts';
import { foldProfile } from '../builders/profiles.ts';
import { readOne, take } from './answers.ts';
import { newService, openParca, openPyroscope } from './servers.ts';
import { addressOfNobody, type Call, type RunningServer, serve } from './stand-ins/http.ts';

/** f1, f2 and f3 of the fixture page cost 10, 20 and 30 ms each time. */
const FILE = fileURLToPath(new URL('../fixtures/traces/known-costs.pftrace.gz', import.meta.url));

let server: RunningServer;
beforeAll(async () => {
  server = await openPyroscope();
});
afterAll(() => server.stop());

const queue = mkdtempSync(join(tmpdir(), 'pageflame-push-'));
afterAll(() => rmSync(queue, { recursive: true }));
beforeEach(() => {
  vi.stubEnv('PAGEFLAME_QUEUE', queue);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function push(...args: string[]): Promise<Ran> {
  const command = readArguments(['push', ...args]);
  if (command.name === 'wrong-usage') return { code: 2, out: '', err: command.reason };
  if (command.name !== 'push') throw new Error(command.name);
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text;
    return true;
  });
  const code = await runPush(command.options);
  vi.restoreAllMocks();
  return { code, out, err };
}

/** The file's cpu profile of the page's main thread, folded. */
async function cpuOfMain(): Promise<Record<string, number>> {
  const opened = take(await openProfiles(FILE, null));
  if (opened.kind !== 'trace') throw new Error(opened.kind);
  const { tables, classes, page } = opened.trace;
  return foldProfile(
    profileOfRange(tables, classes, { thread: page.mainThread, range: tables.bounds, type: 'cpu' }),
  );
}

const now = (): string => new Date().toISOString();

describe('to Pyroscope', () => {
  it('sends a range of one thread, whose sum is the summary’s of that range', async () => {
    const service = newService();
    const whole = take(await openProfiles(FILE, null));
    if (whole.kind !== 'trace') throw new Error(whole.kind);
    const { start, end } = whole.trace.tables.bounds;
    const [from, to] = [Math.round(start + (end - start) / 4), Math.round(start + (end - start) / 2)];
    const pushed = await push(
      FILE,
      ...['--to', server.url, '--kind', 'pyroscope', '--label', `service_name=${service}`, '--time', now()],
      ...['--thread', 'main', '--from', String(from), '--until', String(to)],
    );
    expect(pushed).toMatchObject({ code: 0 });
    const at = connect(buildDestination('pyroscope', server.url), NO_CREDENTIALS);
    const window = { start: Date.now() - 3_000_000, end: Date.now() + 600_000 };
    expect(take(await pyroscope.listLabelValues(at, 'thread', window))).toContain('main');
    const selector = pyroscope.selectorOf({ service_name: service });
    const profileType = 'process_cpu:cpu:nanoseconds:cpu:nanoseconds';
    const profile = readOne(take(await pyroscope.fetchPprofs(at, { profileType, selector, ...window })));
    const there = Object.values(foldProfile(profile)).reduce((sum, weight) => sum + weight, 0);
    const { categories } = take(await summarizeFile({ file: FILE, json: true, eventsOnly: false, from, to }));
    const { idle, ...busy } = categories ?? {};
    expect(idle).toBeGreaterThan(0);
    const said = Object.values(busy).reduce((sum, weight) => sum + weight, 0);
    expect(Math.abs(there / 1000 - said)).toBeLessThan(0.01);
  });

  it('is found by its labels, with the weights of the file, once however often it is pushed', async () => {
    const service = newService();
    const args = [
      '--to',
      server.url,
      '--kind',
      'pyroscope',
      '--label',
      `service_name=${service}`,
      '--label',
      'env=ci',
    ];
    const time = now();
    const first = await push(FILE, ...args, '--time', time);
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toMatch(/Look at it: http:\/\/.*\/\?query=process_cpu/);
    expect((await push(FILE, ...args, '--time', time)).code).toBe(0);
    const profile = readOne(
      take(
        await pyroscope.fetchPprofs(connect(buildDestination('pyroscope', server.url), NO_CREDENTIALS), {
          profileType: 'process_cpu:cpu:nanoseconds:cpu:nanoseconds',
          selector: pyroscope.selectorOf({ service_name: service, env: 'ci', thread: 'main' }),
          start: Date.now() - 3_000_000,
          end: Date.now() + 600_000,
        }),
      ),
    );
    const local = await cpuOfMain();
    const there = foldProfile(profile);
    expect(Object.keys(there).filter((path) => path.includes('f1;'))).not.toEqual([]);
    // Nanoseconds are whole there.
    for (const [path, weight] of Object.entries(local))
      if (weight > 0.01) expect(Math.abs((there[path] ?? 0) - weight), path).toBeLessThan(0.05);
    const { categories } = take(
      await summarizeFile({ file: FILE, json: true, eventsOnly: false, from: null, to: null }),
    );
    const { idle, ...busy } = categories ?? {};
    expect(idle).toBeGreaterThan(0);
    const sum = (weights: readonly number[]): number => weights.reduce((all, weight) => all + weight, 0);
    expect(Math.abs(sum(Object.values(there)) / 1000 - sum(Object.values(busy)))).toBeLessThan(0.01);
    expect(readdirSync(queue)).toEqual([]);
  });

  it('of another day goes to the ad hoc store, and says so', async () => {
    const ran = await push(FILE, '--to', server.url, '--kind', 'pyroscope', '--time', '2026-01-01T00:00:00Z');
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/2026-01-01T.*ad hoc/);
    expect(ran.out).toMatch(/adhoc/);
  });

  it('shows all that would leave, and sends nothing', async () => {
    const nobody = await addressOfNobody();
    const ran = await push(FILE, '--to', nobody, '--kind', 'pyroscope', '--time', now(), '--preview');
    expect(ran.code).toBe(0);
    for (const said of ['"f1"', '"f2"', '"f3"', 'POST', 'label service_name='])
      expect(ran.out).toContain(said);
  });
});

it('to Parca', async () => {
  const parca = await openParca();
  const ran = await push(
    FILE,
    '--to',
    parca.url,
    '--kind',
    'parca',
    '--label',
    `service_name=${newService()}`,
    '--time',
    now(),
  );
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/cpu of main, scripting/);
  await parca.stop();
});

it.each([
  ['otlp', '/v1development/profiles', 'application/x-protobuf'],
  ['otlp-traces', '/v1/traces', 'application/json'],
] as const)('as %s', async (kind, path, type) => {
  const calls: Call[] = [];
  const backend = await serve((call) => {
    calls.push(call);
    return { status: 200, type, body: kind === 'otlp' ? '' : '{}' };
  });
  vi.stubEnv('PAGEFLAME_PUSH_TOKEN', 'from-the-environment');
  const ran = await push(FILE, '--to', backend.url, '--kind', kind, '--time', now());
  expect(ran.code).toBe(0);
  expect(new Set(calls.map((call) => `${call.path} ${call.headers['content-type']}`))).toEqual(
    new Set([`${path} ${type}`]),
  );
  expect(calls[0].headers.authorization).toBe('Bearer from-the-environment');
  expect(ran.out).toMatch(/^Look at it: in what shows the (profiles|traces) of http/m);
  await backend.stop();
});

it('what a backend does not take is kept, and the next push sends it', async () => {
  let open = false;
  const arrived: string[] = [];
  const backend = await serve(({ path }) => {
    if (!open) return { status: 401, type: 'text/plain', body: 'who are you' };
    if (path.includes('Push')) arrived.push(path);
    return { status: 200, type: 'application/json', body: '{}' };
  });
  const args = [FILE, '--to', backend.url, '--kind', 'pyroscope', '--time', now()];
  const refused = await push(...args);
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(
    /^pageflame: .*does not accept the credentials.*401: who are you; \d+ of \d+ parts are kept in /,
  );
  expect(refused.err.trimEnd().split('\n')).toHaveLength(1);
  open = true;
  expect((await push(...args)).code).toBe(0);
  expect(arrived.length).toBeGreaterThan(0);
  expect(readdirSync(queue)).toEqual([]);
  await backend.stop();
});

it('what was kept of an old recording goes once, with the time that it was given first', async () => {
  let isOpen = false;
  const arrived: string[] = [];
  const backend = await serve(({ path, body }) => {
    if (!isOpen) return { status: 401, type: 'text/plain', body: 'who are you' };
    // What is asked for is not there.
    if (!path.endsWith('/Push')) return { status: 200, type: 'application/json', body: '{}' };
    const [label] = /\b(?:process_cpu|wall)\b/.exec(Buffer.from(body).toString('latin1')) ?? [];
    arrived.push(label ?? '');
    return { status: 200, type: 'application/json', body: '{}' };
  });
  const args = [FILE, '--to', backend.url, '--kind', 'pyroscope', '--thread', 'main', '--restamp'];
  const old = [...args, '--time', '2026-01-01T00:00:00Z'];
  expect((await push(...old)).code).toBe(1);
  isOpen = true;
  expect((await push(...old)).code).toBe(0);
  expect(arrived.sort()).toEqual(['process_cpu', 'wall']);
  expect(readdirSync(queue)).toEqual([]);
  await backend.stop();
});

it('Ctrl+C keeps what has not arrived, and the next push sends it', async () => {
  const args = (url: string): string[] => [FILE, '--to', url, '--kind', 'pyroscope', '--time', time];
  const time = now();
  let isOpen = false;
  const arrived: string[] = [];
  const backend = await serve(({ path }) => {
    if (!isOpen) process.emit('SIGINT');
    else if (path.endsWith('/Push')) arrived.push(path);
    return isOpen
      ? { status: 200, type: 'application/json', body: '{}' }
      : { status: 429, type: 'text/plain', body: 'not now' };
  });
  const cut = await push(...args(backend.url));
  expect(cut.code).toBe(1);
  expect(cut.err).toMatch(/^pageflame: Sending .* was cancelled\. \(\d+ of \d+ parts are kept in /);
  isOpen = true;
  expect((await push(...args(backend.url))).code).toBe(0);
  expect(arrived.length).toBeGreaterThan(1);
  expect(readdirSync(queue)).toEqual([]);
  await backend.stop();
});

describe('wrong usage', () => {
  it.each([
    [[], /push takes one file/],
    [['f'], /--to is missing/],
    [['f', '--to', 'localhost:4040', '--kind', 'parca'], /no address of a backend/],
    [['f', '--to', 'http://u:p@a', '--kind', 'parca'], /into the environment/],
    [
      ['f', '--to', 'http://a', '--kind', 'jaeger'],
      /--kind takes one of pyroscope, parca, otlp, otlp-traces/,
    ],
    [['f', '--to', 'http://a', '--kind', 'parca', '--label', 'x'], /--label takes name=value/],
    [['f', '--to', 'http://a', '--kind', 'parca', '--time', 'noon'], /--time takes/],
  ])('%j', async (args, words) =>
    expect(await push(...args)).toMatchObject({ code: 2, err: expect.stringMatching(words) }),
  );
});

it.each([
  [['nope.json', '--to', 'http://127.0.0.1:4040', '--kind', 'parca'], /does not exist/],
  [
    [FILE, '--to', 'http://127.0.0.1:4040', '--kind', 'parca', '--label', 'a b=c', '--time', now()],
    /label a b cannot be sent/,
  ],
])('%j fails before anything is sent', async (args, words) => {
  const ran = await push(...args);
  expect(ran.code).toBe(1);
  expect(ran.err).toMatch(words);
});
