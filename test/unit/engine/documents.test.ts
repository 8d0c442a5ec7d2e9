import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ensure, type Result, threadIndex } from '../../../src/base/index.ts';
import type { OpenId } from '../../../src/engine/contract.ts';
import type { OpenedProfiles, PROFILE_FILE_FORMS } from '../../../src/engine/document-questions.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { ProfileScope } from '../../../src/engine/view-questions.ts';
import {
  functionOf,
  gzip,
  readProfile,
  type StackProfile,
  writeCpuProfile,
  writeFolded,
  writeOtlp,
  writePprof,
  writeSpeedscope,
} from '../../../src/profile/index.ts';
import { PAGE_TRACE } from '../../builders/page-trace.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';

const MAIN = profileOf({
  'main@https://x.example/a.js:1': 10,
  'main@https://x.example/a.js:1;f@https://x.example/a.js:5': 30,
});
const WORKER = profileOf(
  { 'onmessage@https://x.example/w.js:1': 7 },
  { thread: { name: 'Worker', pid: 1, tid: 3, role: 'worker' } },
);
const IDLING = profileOf(
  { 'f@a.js': 10, '(idle)': 90 },
  { type: 'wall', thread: { name: '', pid: 0, tid: 0, role: 'other' } },
);

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
};

async function openFile(engine: Engine, content: BlobPart | readonly BlobPart[], name = 'a file') {
  const file = new Blob(Array.isArray(content) ? [...content] : [content as BlobPart]);
  return engine.openDocument({ kind: 'file', name, file });
}

async function openProfiles(engine: Engine, profiles: readonly StackProfile[]): Promise<OpenedProfiles> {
  const opened = value(
    await engine.openDocument({ kind: 'profiles', name: 'mine', format: 'pprof', profiles }),
  );
  if (opened.kind !== 'profiles') throw new Error('a trace');
  return opened.opened;
}

const scopeOf = ({ bounds, threads }: OpenedProfiles, thread = 0, weight = 0): ProfileScope => ({
  thread: threadIndex(thread),
  range: bounds ?? { start: 0, end: 0 },
  within: null,
  type: ensure(threads[thread]?.weights[weight], 'there is such a weight').id,
  jsOnly: false,
  transforms: [],
});

/** Every format that is written here, and one that is only read. */
const CONTENTS: readonly (readonly [name: string, format: string, write: () => Promise<BlobPart>])[] = [
  ['pprof', 'pprof', () => gzip(writePprof([MAIN, WORKER]))],
  ['pprof without gzip', 'pprof', async () => writePprof([MAIN])],
  ['OTLP', 'otlp', async () => writeOtlp([MAIN])],
  ['speedscope', 'speedscope', async () => [...writeSpeedscope([MAIN, WORKER])].join('')],
  ['folded', 'folded', async () => writeFolded([MAIN])],
  ['.cpuprofile', 'cpuprofile', async () => writeCpuProfile(MAIN)],
  [
    'perf script',
    'perf-script',
    async () => 'node 1 [000] 1.5: 100 cycles:\n\t  12 f (/usr/bin/node)\n\t  34 main (/usr/bin/node)\n\n',
  ],
];

describe('a document', () => {
  test.each(CONTENTS)('%s is recognised by its content', async (_name, format, write) => {
    const engine = new Engine({ library: null });
    const content = await write();
    const opened = value(await openFile(engine, content, 'no-ending'));
    expect(opened.kind === 'profiles' ? opened.opened.format : 'trace').toBe(format);
  });

  test.each([
    ['profiles/go-cpu.pb.gz', 'pprof', 2, false],
    ['profiles/go-heap.pb.gz', 'pprof', 2, false],
    ['profiles/node.cpuprofile', 'cpuprofile', 1, true],
    ['profiles/node.heapprofile', 'heapprofile', 1, false],
    ['profiles/perf-srcline.txt', 'perf-script', 1, true],
    ['profiles/perf-notime.txt', 'perf-script', 1, false],
    ['../../../shared/traces/odd/trace-event/simple-with-samples.json', 'hermes', 1, true],
  ])('%s, made by another tool, has what it tells', async (path, format, weights, hasChart) => {
    const engine = new Engine({ library: null });
    const content = await readFile(fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url)));
    const opened = value(await openFile(engine, new Uint8Array(content), 'no-ending'));
    if (opened.kind !== 'profiles') throw new Error('a trace');
    const { opened: document } = opened;
    expect(document.format).toBe(format);
    expect(document.threads[0].weights.filter(({ id }) => !id.startsWith('busy:'))).toHaveLength(weights);
    expect(document.bounds !== null).toBe(hasChart);
    const scope = scopeOf(document);
    for (const inverted of [false, true]) {
      const { tree } = value(await engine.tree(document.open, { scope, inverted, group: 'none' }));
      expect(tree.weight).toBeGreaterThan(0);
    }
  });

  test('may be a trace, and is then opened as one', async () => {
    const engine = new Engine({ library: null });
    const opened = value(await openFile(engine, PAGE_TRACE));
    expect(opened.kind).toBe('trace');
    expect(engine.traceOf(opened.opened.open)).not.toBeNull();
  });

  test.each([
    ['', 'file-empty'],
    ['no profile at all', 'not-a-profile'],
    ['{"some": "json"}', 'not-a-trace'],
    ['{"$schema": "https://www.speedscope.app/file-format-schema.json", "profiles": []}', 'not-a-profile'],
    ['{"meta": {"version": 20}, "threads": [], "libs": []}', 'profile-raw-gecko'],
  ])('%j is refused in words', async (content, code) => {
    const opened = await openFile(new Engine({ library: null }), content);
    expect(opened.ok ? 'opened' : opened.failure.code).toBe(code);
  });

  test.each([
    ['{"nodes": 1, "traceEvents": []}', 'trace'],
    ['{"nodes": [', 'profile-too-big'],
  ])('that is too big to be read at once is still looked at as a trace: %j', async (content, outcome) => {
    const file = new Blob([content]);
    Object.defineProperty(file, 'size', { value: 600_000_000 });
    // As the head of a larger one, without what tells that it is a trace.
    const head = new Blob(['{"nodes": [']);
    const slice = file.slice.bind(file);
    let looks = 0;
    file.slice = (from, to) => (++looks === 1 ? head : slice(from, to));
    const opened = await new Engine({ library: null }).openDocument({ kind: 'file', name: 'big', file });
    expect(opened.ok ? opened.value.kind : opened.failure.code).toBe(outcome);
  });

  test('in parts is what they add up to; parts of nothing count for nothing', async () => {
    const engine = new Engine({ library: null });
    const parts = (...profiles: StackProfile[][]): Blob[] =>
      profiles.map((each) => new Blob([writePprof(each, { threadLabels: false })]));
    const open = async (files: readonly Blob[]): Promise<OpenedProfiles> => {
      const opened = value(await engine.openDocument({ kind: 'parts', name: 'a week', files }));
      if (opened.kind !== 'profiles') throw new Error('a trace');
      return opened.opened;
    };
    const other = profileOf({ 'main@https://x.example/a.js:1': 5, 'new@https://x.example/b.js:1': 1 });
    const whole = await open(parts([MAIN], [other]));
    expect(whole.threads).toHaveLength(1);
    const question = { scope: scopeOf(whole), inverted: false, group: 'none' } as const;
    expect(value(await engine.tree(whole.open, question)).tree.weight).toBeCloseTo(46, 6);
    const broken = await engine.openDocument({ kind: 'parts', name: 'x', files: [new Blob(['[]'])] });
    expect(broken.ok ? '' : broken.failure.code).toBe('not-a-profile');
    const none = await engine.openDocument({ kind: 'parts', name: 'x', files: [] });
    expect(none.ok ? '' : none.failure.code).toBe('profile-empty');
  });

  test('tells how much of it is read, and stops where it is not wanted any more', async () => {
    const engine = new Engine({ library: null });
    const file = new Blob(Array.from({ length: 5 }, () => `${'main;f 1\n'.repeat(500_000)}`));
    const told: number[] = [];
    const source = { kind: 'file', name: 'large', file } as const;
    const opened = await engine.openDocument(source, { onProgress: ({ readBytes }) => told.push(readBytes) });
    expect(opened.ok).toBe(true);
    expect(told.length).toBeGreaterThan(2);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(file.size);
    const stop = new AbortController();
    let seen = 0;
    const onProgress = (): void => {
      seen++;
      stop.abort();
    };
    const stopped = await engine.openDocument(source, { onProgress, signal: stop.signal });
    expect(stopped.ok ? 'opened' : stopped.failure.code).toBe('cancelled');
    expect(seen).toBe(1);
  });

  test('is a failure where the file has gone away', async () => {
    const file = new Blob(['f 1']);
    file.slice = () => {
      throw new DOMException('gone', 'NotFoundError');
    };
    const opened = await new Engine({ library: null }).openDocument({ kind: 'file', name: 'gone', file });
    expect(opened.ok ? 'opened' : opened.failure.code).toBe('file-unreadable');
  });
});

describe('an open file of profiles', () => {
  test('has its threads and kinds of weight, time first; idle time may be left out', async () => {
    const engine = new Engine({ library: null });
    const counts = { ...MAIN, type: 'samples', unit: 'count' as const };
    const opened = await openProfiles(engine, [counts, MAIN, WORKER, IDLING, WORKER]);
    const list = opened.threads.map(({ title, weights }) => `${title}: ${weights.map(({ name }) => name)}`);
    expect(list).toEqual([
      'CrRendererMain: cpu (time),samples (count)',
      'Worker 1: cpu (time)',
      'All: wall (time), busy,wall (time), idle as well',
      'Worker 2: cpu (time)',
    ]);
    const sum = async (thread: number, weight: number): Promise<number> => {
      const scope = scopeOf(opened, thread, weight);
      return value(await engine.tree(opened.open, { scope, inverted: false, group: 'none' })).tree.weight;
    };
    expect(await sum(2, 0)).toBe(10);
    expect(await sum(2, 1)).toBe(100);
  });

  test('answers trees, graphs, a chart, searches and ranges as a trace does', async () => {
    const engine = new Engine({ library: null });
    const opened = await openProfiles(engine, [MAIN]);
    const { open } = opened;
    expect(opened.bounds).toEqual({ start: 0, end: 40 });
    const scope = scopeOf(opened);
    const tree = value(await engine.tree(open, { scope, inverted: true, group: 'none' }));
    expect(Array.from(tree.tree.frame, (frame) => tree.strings[tree.frames.name[frame]])).toEqual([
      'f',
      'main',
      'main',
    ]);
    const graph = value(
      await engine.graph(open, {
        scope: { ...scope, range: { start: 0, end: 20 } },
        shape: { kind: 'top-down' },
        order: 'time',
      }),
    );
    expect(graph.bounds.end).toBe(20);
    const chart = value(await engine.chart(open));
    expect([...chart.boxes.end]).toEqual([40, 40]);
    const query = { text: 'main', regex: false, matchCase: false, wholeWord: false };
    expect([...value(await engine.search(open, query)).boxes]).toEqual([0]);
    await engine.close(open);
    expect((await engine.tree(open, { scope, inverted: true, group: 'none' })).ok).toBe(false);
    expect((await engine.chart(open)).ok).toBe(false);
  });

  test('has no chart where it tells no times', async () => {
    const engine = new Engine({ library: null });
    const opened = value(await openFile(engine, 'main;f 3\nmain 1\n'));
    expect(opened.kind === 'profiles' ? opened.opened.bounds : 'trace').toBeNull();
    expect(value(await engine.chart(opened.opened.open)).boxes.length).toBe(0);
  });

  test.each([
    'pprof',
    'otlp',
    'speedscope',
    'folded',
    'cpuprofile',
  ] satisfies (typeof PROFILE_FILE_FORMS)[number][])('is written as %s with the same sums', async (form) => {
    const engine = new Engine({ library: null });
    const opened = await openProfiles(engine, [MAIN]);
    const question = { form, title: 'mine', scope: scopeOf(opened), what: 'all' } as const;
    const file = value(await engine.profileFile(opened.open, question));
    const read = value(await readProfile(new Uint8Array(await file.arrayBuffer()), 'again'));
    if (read.kind === 'trace') throw new Error('a trace');
    expect(foldProfile(ensure(read.profiles[0], 'there is one'))).toEqual(foldProfile(MAIN));
  });

  test('is written as what the view shows, and refused as what it is not', async () => {
    const engine = new Engine({ library: null });
    const opened = await openProfiles(engine, [MAIN, WORKER]);
    const scope = {
      ...scopeOf(opened),
      transforms: [{ kind: 'merge-function', function: functionOf(MAIN, 1) } as const],
    };
    const written = async (what: 'scope' | 'all', form: 'folded' | 'cpuprofile' | 'svg') => {
      const file = await engine.profileFile(opened.open, { form, title: 'mine', scope, what });
      return file.ok ? file.value.text() : file.failure.code;
    };
    expect(await written('scope', 'folded')).toBe('main 40\n');
    expect(await written('all', 'folded')).toContain('Worker;onmessage 7');
    expect(await written('all', 'cpuprofile')).toBe('profile-of-many-threads');
    expect(await written('scope', 'svg')).toContain('<svg');
  });
});

describe('two open documents', () => {
  const sides = async (engine: Engine, before: readonly StackProfile[], after: readonly StackProfile[]) => {
    const one = await openProfiles(engine, before);
    const other = await openProfiles(engine, after);
    return {
      before: { open: one.open, scope: scopeOf(one) },
      after: { open: other.open, scope: scopeOf(other) },
      by: 'weight' as const,
      transforms: [],
    };
  };
  const slower = profileOf({
    'main@https://x.example/a.js:1': 10,
    'main@https://x.example/a.js:1;f@https://x.example/a.js:7': 45,
  });

  test('are compared by function, and as a graph', async () => {
    const engine = new Engine({ library: null });
    const scope = await sides(engine, [MAIN], [slower]);
    const { self, strings, frames, frame, weights } = value(await engine.compare(scope));
    const rows = Array.from(
      frame,
      (row, i) => `${strings[frames.name[row]]} ${self.before[i]}>${self.after[i]}`,
    );
    expect(rows).toEqual(['main 10>10', 'f 30>45']);
    expect(weights).toEqual({ before: 40, after: 55 });
    const graph = value(
      await engine.compareGraph({ scope, shape: { kind: 'top-down' }, order: 'heavy', wide: 'before' }),
    );
    expect(graph.chart.bounds.end).toBe(40);
    expect([...graph.after.total]).toEqual([55, 45]);
    // A sandwich: what it took before and after, of the whole of each side.
    const sandwich = async (kind: 'callers' | 'callees', row: number) => {
      const shape = { kind, function: functionOf(slower, row) };
      const part = value(await engine.compareGraph({ scope, shape, order: 'heavy', wide: 'after' }));
      return [[...part.before.total], [...part.after.total], part.before.weight, part.after.weight];
    };
    expect(await sandwich('callers', 1)).toEqual([[30, 30], [45, 45], 40, 55]);
    expect(await sandwich('callees', 1)).toEqual([[30], [45], 40, 55]);
    expect(await sandwich('callees', 0)).toEqual([[40, 30], [55, 45], 40, 55]);
    const dropped = {
      ...scope,
      transforms: [{ kind: 'drop-function', function: functionOf(slower, 1) } as const],
    };
    expect(value(await engine.compare(dropped)).weights).toEqual({ before: 10, after: 10 });
  });

  test('of different weights are refused, and closed ones are gone', async () => {
    const engine = new Engine({ library: null });
    const counted = await sides(engine, [{ ...MAIN, unit: 'count' }], [MAIN]);
    const refused = await engine.compare(counted);
    expect(refused.ok ? 'compared' : refused.failure.code).toBe('units-differ');
    const scope = await sides(engine, [MAIN], [slower]);
    await engine.compare(scope);
    await engine.close(scope.before.open as OpenId);
    expect((await engine.compare(scope)).ok).toBe(false);
  });
});
