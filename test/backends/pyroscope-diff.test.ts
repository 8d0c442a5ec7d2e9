/**
 * Two versions of a page at Pyroscope, compared as the panel does it (both are asked for and laid over each other), and as
 * Pyroscope's own `Diff` has it: every node of its answer, left and right, is one of ours.
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classifySlices, findPageLoad } from '../../src/analysis/index.ts';
import { connect, NO_CREDENTIALS, pyroscope } from '../../src/backends/index.ts';
import { alignProfiles, buildPairTree, profileOfRange, type StackProfile } from '../../src/profile/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { buildCargo, buildDestination } from '../builders/cargo.ts';
import { profileOf } from '../builders/profiles.ts';
import { readOne, take } from './answers.ts';
import { deliverAll } from './sending.ts';
import { newService, openPyroscope } from './servers.ts';
import type { RunningServer } from './stand-ins/http.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await openPyroscope();
});
afterAll(() => server.stop());

/** Nanoseconds of a node: left total, left self, right total, right self. */
type Weights = readonly [number, number, number, number];
const TOTAL = 'total';

/** By the names that lead to a node, outermost first. Several functions of one name are one there. */
function add(nodes: Map<string, Weights>, path: string, more: Weights): void {
  const known = nodes.get(path) ?? [0, 0, 0, 0];
  nodes.set(path, [known[0] + more[0], known[1] + more[1], known[2] + more[2], known[3] + more[3]]);
}

/** As the panel compares two profiles. */
function diffOfOurs(before: StackProfile, after: StackProfile): Map<string, Weights> {
  const pair = alignProfiles(before, after);
  const { tree, before: left, after: right } = buildPairTree(pair);
  const { frames, strings } = pair.after;
  const paths: string[] = [];
  const nodes = new Map<string, Weights>();
  const nanos = (micros: number): number => Math.round(micros * 1000);
  for (let node = 0; node < tree.length; node++) {
    const above = tree.parent[node] < 0 ? TOTAL : paths[tree.parent[node]];
    paths[node] = `${above}\n${strings[frames.name[tree.frame[node]]]}`;
    const sides = [left.total, left.self, right.total, right.self] as const;
    const [lt, ls, rt, rs] = sides.map((side) => nanos(side[node]));
    add(nodes, paths[node], [lt, ls, rt, rs]);
  }
  add(nodes, TOTAL, [nanos(left.weight), 0, nanos(right.weight), 0]);
  return nodes;
}

interface DiffGraph {
  readonly names: readonly string[];
  readonly levels: readonly { readonly values: readonly string[] }[];
  readonly leftTicks: string;
  readonly rightTicks: string;
}

/** Groups of seven: offset, total and self of each side, name. Offsets count from the end of the box before. */
function nodesOfDiff({ names, levels }: DiffGraph): Map<string, Weights> {
  const nodes = new Map<string, Weights>();
  let above: { readonly path: string; readonly from: Spot; readonly to: Spot }[] = [];
  for (const { values } of levels) {
    const level: typeof above = [];
    const end = [0, 0];
    for (let i = 0; i < values.length; i += 7) {
      const [xl, lt, ls, xr, rt, rs, name] = values.slice(i, i + 7).map(Number);
      const from: Spot = [end[0] + xl, end[1] + xr];
      const to: Spot = [from[0] + lt, from[1] + rt];
      end.splice(0, 2, ...to);
      const parent = above.find(
        (one) => one.from[0] <= from[0] && to[0] <= one.to[0] && one.from[1] <= from[1] && to[1] <= one.to[1],
      );
      const path = parent === undefined ? names[name] : `${parent.path}\n${names[name]}`;
      level.push({ path, from, to });
      add(nodes, path, [lt, ls, rt, rs]);
    }
    above = level;
  }
  return nodes;
}
type Spot = readonly [number, number];

const CPU = 'process_cpu:cpu:nanoseconds:cpu:nanoseconds';
const connection = () => connect(buildDestination('pyroscope', server.url), NO_CREDENTIALS);

interface Version {
  readonly service: string;
  readonly version: string;
}
const selectionOf = ({ service, version }: Version): pyroscope.ProfileSelection => ({
  profileType: CPU,
  selector: pyroscope.selectorOf({ service_name: service, version }),
  start: Date.now() - 50 * 60_000,
  end: Date.now() + 60_000,
});

async function askDiff(left: Version, right: Version): Promise<DiffGraph> {
  const [a, b] = [left, right].map((version) => {
    const { profileType, selector, start, end } = selectionOf(version);
    return { profileTypeID: profileType, labelSelector: selector, start, end, maxNodes: 1_000_000 };
  });
  const answer = await fetch(`${server.url}/querier.v1.QuerierService/Diff`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ left: a, right: b }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { flamegraph: DiffGraph }).flamegraph;
}

/** What the real main thread of a page did, in two halves of its time: mostly the same functions, otherwise long. */
async function halvesOfPage(): Promise<StackProfile[]> {
  const file = new URL('../../../shared/traces/busy-page.json.gz', import.meta.url);
  const stream = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  const tables = take(await readTrace(stream, { subject: 'busy-page' }));
  const classes = classifySlices(tables);
  const { start, end } = tables.bounds;
  const middle = (start + end) / 2;
  const ranges = [
    { start, end: middle },
    { start: middle, end },
  ];
  const thread = findPageLoad(tables).mainThread;
  return ranges.map((range) => profileOfRange(tables, classes, { thread, range, type: 'cpu' }));
}

it.each([
  ['a function that became slower, one that is gone, one that is new', async () => SMALL],
  ['two halves of a real page', halvesOfPage],
])('%s: node for node what Pyroscope’s own Diff tells', async (_, profilesOf) => {
  const service = newService();
  const profiles = await profilesOf();
  const versions = ['2.3.0', '2.3.1'].map((version) => ({ service, version }));
  for (const [i, { version }] of versions.entries())
    await deliverAll(
      connection(),
      buildCargo({
        seed: crypto.randomUUID(),
        profiles: [profiles[i]],
        tags: { service_name: service, version },
        unixMillisAtZero: Date.now() - 60_000 - profiles[i].range.start / 1000,
      }),
    );
  const fetched: StackProfile[] = [];
  for (const version of versions)
    fetched.push(readOne(take(await pyroscope.fetchPprofs(connection(), selectionOf(version)))));
  const graph = await askDiff(versions[0], versions[1]);
  const theirs = nodesOfDiff(graph);
  const ours = diffOfOurs(fetched[0], fetched[1]);
  expect(theirs.size).toBeGreaterThan(3);
  expect([Number(graph.leftTicks), Number(graph.rightTicks)]).toEqual([
    ours.get(TOTAL)?.[0],
    ours.get(TOTAL)?.[2],
  ]);
  expect(Object.fromEntries([...ours].sort())).toEqual(Object.fromEntries([...theirs].sort()));
});

const file = 'https://shop.example/app.js';
const SMALL = [
  profileOf({
    [`main@${file}:1`]: 10_000,
    [`main@${file}:1;render@${file}:12`]: 20_000,
    [`main@${file}:1;old@${file}:30`]: 4_000,
  }),
  profileOf({
    [`main@${file}:1`]: 10_000,
    [`main@${file}:1;render@${file}:19`]: 65_000,
    [`main@${file}:1;fresh@${file}:40`]: 3_000,
  }),
];
