/**
 * Backend profiles as the panel chooses, opens and compares them: what is offered for completion, what is fetched, two
 * versions told apart, and what stands there when it goes wrong.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BackendKind, connect, NO_CREDENTIALS } from '../../src/backends/index.ts';
import { ensure, runThrough } from '../../src/base/index.ts';
import { Engine } from '../../src/engine/index.ts';
import {
  type BackendQuery,
  createBackendQuery,
  selectorOf,
} from '../../src/panel/state/comparison/backend-query.ts';
import { listChanges } from '../../src/panel/state/comparison/change-rows.ts';
import { createComparisonView, type Held } from '../../src/panel/state/comparison/comparison-view.ts';
import type { Clock } from '../../src/panel/state/doors.ts';
import { buildBackend, FakeBackends } from '../builders/backends.ts';
import { APP, buildCargo, buildDestination } from '../builders/cargo.ts';
import { profileOf } from '../builders/profiles.ts';
import { deliverAll } from './sending.ts';
import { newService, openParca, openPyroscope } from './servers.ts';
import { type RunningServer, serve } from './stand-ins/http.ts';

const VERSIONS = {
  '2.3.0': {
    [`main@${APP}:1`]: 10_000,
    [`main@${APP}:1;render@${APP}:12`]: 20_000,
    [`main@${APP}:1;old@${APP}:30`]: 4_000,
  },
  '2.3.1': {
    [`main@${APP}:1`]: 10_000,
    [`main@${APP}:1;render@${APP}:19`]: 65_000,
    [`main@${APP}:1;fresh@${APP}:40`]: 3_000,
  },
} as const;

const clock: Clock = { now: () => Date.now(), tick: () => () => undefined, after: () => () => undefined };
const servers: RunningServer[] = [];
const services = new Map<string, string>();
let pyroscope: RunningServer;
let parca: RunningServer;

async function push(kind: BackendKind, url: string): Promise<void> {
  const service = newService();
  services.set(url, service);
  const to = connect(buildDestination(kind, url), NO_CREDENTIALS);
  for (const [version, folded] of Object.entries(VERSIONS)) {
    await deliverAll(
      to,
      buildCargo({
        seed: crypto.randomUUID(),
        profiles: [profileOf(folded)],
        tags: { service_name: service, version },
      }),
    );
  }
}

beforeAll(async () => {
  pyroscope = await openPyroscope();
  parca = await openParca();
  servers.push(pyroscope, parca);
  await push('pyroscope', pyroscope.url);
  await push('parca', parca.url);
});
afterAll(async () => {
  for (const server of servers) await server.stop();
});

const disposers: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
});

async function ask(kind: BackendKind, url: string): Promise<BackendQuery> {
  const query = createBackendQuery(new FakeBackends([buildBackend(kind, url)]), clock);
  disposers.push(query.dispose);
  await expect.poll(() => query.types.value, { timeout: 20_000 }).not.toBeNull();
  return query;
}

const labelled = (url: string, version: string): BackendQuery['matchers']['value'] => [
  { name: 'service_name', sign: '=', value: ensure(services.get(url), 'it was pushed') },
  { name: 'version', sign: '=', value: version },
];

async function fetchOf(query: BackendQuery, engine: Engine): Promise<Held> {
  const fetched = await query.fetch();
  if (fetched === null) throw new Error(query.problem.value?.message ?? 'nothing came');
  const document = await engine.openDocument(fetched.source);
  if (!document.ok) throw new Error(document.failure.message);
  return {
    document: document.value,
    name: fetched.name,
    from: fetched.from,
    recording: null,
    measured: null,
  };
}

describe.each([
  ['pyroscope', () => pyroscope.url],
  ['parca', () => parca.url],
] as const)('profiles of %s', (kind, urlOf) => {
  it('are completed by what the backend has', async () => {
    const query = await ask(kind, urlOf());
    expect(query.problem.value).toBeNull();
    expect(query.type.value).toMatch(/^process_cpu:cpu:nanoseconds/);
    expect(query.labels.value).toEqual(expect.arrayContaining(['service_name', 'version']));
    query.askValues('version');
    await expect
      .poll(() => query.values.value.get('version'))
      .toEqual(expect.arrayContaining(['2.3.0', '2.3.1']));
  });

  it('open with their sums, and lead to their page there', async () => {
    const query = await ask(kind, urlOf());
    query.matchers.value = labelled(urlOf(), '2.3.0');
    const { document, from } = await fetchOf(query, new Engine({ library: null }));
    if (document.kind !== 'profiles') throw new Error('a trace');
    expect(document.opened.bounds).toBeNull();
    expect(from?.title).toContain(new URL(urlOf()).host);
    expect(decodeURIComponent(from?.page ?? '')).toContain('version="2.3.0"');
    expect(from?.page?.startsWith(urlOf())).toBe(true);
  });

  it('of the last seven days add up to those of the last hour', async () => {
    const query = await ask(kind, urlOf());
    query.span.value = '7d';
    await expect.poll(() => query.types.value, { timeout: 20_000 }).not.toBeNull();
    expect(query.problem.value).toBeNull();
    query.matchers.value = labelled(urlOf(), '2.3.0');
    const { document } = await fetchOf(query, new Engine({ library: null }));
    expect(document.kind === 'profiles' ? document.opened.samples : 0).toBe(3);
  });

  it('of two versions show the function that changed', async () => {
    const engine = new Engine({ library: null });
    const query = await ask(kind, urlOf());
    query.matchers.value = labelled(urlOf(), '2.3.0');
    const before = await fetchOf(query, engine);
    query.matchers.value = labelled(urlOf(), '2.3.1');
    const after = await fetchOf(query, engine);
    const onFailure = (failure: { readonly message: string }): never => {
      throw new Error(failure.message);
    };
    const view = createComparisonView({ engine, before, after, onFailure });
    disposers.push(view.dispose, view.followFunctions());
    await expect.poll(() => view.functions.value).not.toBeNull();
    const answer = ensure(view.functions.value, 'it was answered');
    const options = { by: 'weight', sort: 'self', reversed: false, kind: 'all', text: '' } as const;
    const rows = runThrough(listChanges(answer, options));
    expect(rows.map((row) => `${row.name} ${row.kind} ${Math.round(row.self)}`)).toEqual([
      'render both 45000',
      'old gone -4000',
      'fresh new 3000',
      'main both 0',
    ]);
  });

  it('that are not there are said to be not there', async () => {
    const query = await ask(kind, urlOf());
    query.matchers.value = labelled(urlOf(), 'never');
    const fetched = await query.fetch();
    // A backend may answer with an empty profile, or with an error of its own.
    if (fetched === null) {
      expect(query.problem.value).not.toBeNull();
      return;
    }
    const document = await new Engine({ library: null }).openDocument(fetched.source);
    expect(document.ok && document.value.kind === 'profiles' ? document.value.opened.samples : 0).toBe(0);
  });
});

it('a span of Pyroscope has names alone, and it is said', async () => {
  const query = await ask('pyroscope', pyroscope.url);
  query.matchers.value = labelled(pyroscope.url, '2.3.0');
  query.spanId.value = 'ffffffffffffffff';
  const none = await fetchOf(query, new Engine({ library: null }));
  expect(none.document.kind === 'profiles' ? none.document.opened.samples : -1).toBe(0);
  expect(none.from?.limit).toContain('at most 65 536 nodes');
  expect(none.name).toContain('span ffffffffffffffff');
});

describe('what goes wrong', () => {
  it('is said in the server’s words', async () => {
    const server = await serve(() => ({ status: 401, type: 'text/plain', body: 'wrong token, friend' }));
    servers.push(server);
    const query = await ask('pyroscope', server.url);
    expect(query.problem.value?.code).toBe('backend-unauthorized');
    expect(query.problem.value?.detail).toContain('wrong token, friend');
    expect(query.types.value).toEqual([]);
  });

  it('can be cancelled while the server thinks', async () => {
    let isAsked = false;
    const server = await serve(async ({ path }) => {
      if (!path.endsWith('SelectMergeProfile')) {
        const body = JSON.stringify({
          profileTypes: [{ ID: 'process_cpu:cpu:nanoseconds:cpu:nanoseconds' }],
          names: [],
        });
        return { status: 200, type: 'application/json', body };
      }
      isAsked = true;
      return new Promise(() => undefined);
    });
    servers.push(server);
    const query = await ask('pyroscope', server.url);
    const fetching = query.fetch();
    await expect.poll(() => isAsked).toBe(true);
    expect(query.isFetching.value).toBe(true);
    query.cancel();
    expect(await fetching).toBeNull();
    expect(query.isFetching.value).toBe(false);
    expect(query.problem.value).toBeNull();
  });

  it('no backend is an empty list', () => {
    const query = createBackendQuery(
      new FakeBackends([buildBackend('otlp', 'http://127.0.0.1:4318')]),
      clock,
    );
    disposers.push(query.dispose);
    expect(query.backends).toEqual([]);
    expect(query.problem.value).toBeNull();
  });
});

it('matchers become a selector, quoted; those without a value say nothing', () => {
  expect(
    selectorOf([
      { name: 'service_name', sign: '=', value: 'a "quoted" \\ name' },
      { name: 'page', sign: '=~', value: '/cart.*' },
      { name: ' version ', sign: '!=', value: '1' },
      { name: 'empty', sign: '=', value: '' },
      { name: '', sign: '=', value: 'x' },
    ]),
  ).toBe('{service_name="a \\"quoted\\" \\\\ name",page=~"/cart.*",version!="1"}');
  expect(selectorOf([])).toBe('{}');
});
