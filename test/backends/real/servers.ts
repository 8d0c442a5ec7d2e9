/**
 * The real OpenTelemetry Collector and Jaeger, each a process of its own on free loopback ports with a config of its own.
 * In: nothing. Out: where they are; `stop` ends them and takes their folders away.
 * Refuses: servers that do not get ready, with what they said.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { collectorPath, jaegerPath } from '../../../scripts/backend-servers.mjs';

export interface RunningCollector {
  readonly url: string;
  /** What its debug exporter has written so far. */
  received(): Promise<string>;
  stop(): Promise<void>;
}

export interface RunningJaeger {
  readonly url: string;
  readonly queryUrl: string;
  stop(): Promise<void>;
}

export interface CollectorPlaces {
  /** Where it listens: host and port. */
  readonly endpoint: string;
  /** How it prints what it gets, as YAML. */
  readonly debug: string;
}

export async function startCollector(configOf = printAll): Promise<RunningCollector> {
  const folder = await mkdtemp(join(tmpdir(), 'pageflame-collector-'));
  const [port] = await freePorts(1);
  const output = join(folder, 'received.txt');
  const debug = `{ verbosity: detailed, use_internal_logger: false, output_paths: [${JSON.stringify(output)}] }`;
  await writeFile(join(folder, 'config.yaml'), configOf({ endpoint: `127.0.0.1:${port}`, debug }));
  const args = ['--config', join(folder, 'config.yaml'), '--feature-gates=+service.profilesSupport'];
  const url = `http://127.0.0.1:${port}`;
  const stop = await start({ path: collectorPath, args, folder, ready: [`${url}/v1/traces`] });
  return {
    url,
    received: () => readFile(output, 'utf8').catch(() => ''),
    stop,
  };
}

const printAll = ({ endpoint, debug }: CollectorPlaces): string => `
receivers: { otlp: { protocols: { http: { endpoint: "${endpoint}" } } } }
exporters: { debug: ${debug} }
service:
  telemetry: { metrics: { level: none } }
  pipelines:
    profiles: { receivers: [otlp], exporters: [debug] }
    traces: { receivers: [otlp], exporters: [debug] }
`;

export async function startJaeger(): Promise<RunningJaeger> {
  const folder = await mkdtemp(join(tmpdir(), 'pageflame-jaeger-'));
  const [otlp, grpc, query, queryGrpc, health] = await freePorts(5);
  const config = `
service:
  extensions: [jaeger_storage, jaeger_query, healthcheckv2]
  telemetry: { metrics: { level: none } }
  pipelines:
    traces: { receivers: [otlp], exporters: [jaeger_storage_exporter] }
extensions:
  healthcheckv2: { use_v2: true, http: { endpoint: "127.0.0.1:${health}" } }
  jaeger_query:
    storage: { traces: memory }
    http: { endpoint: "127.0.0.1:${query}" }
    grpc: { endpoint: "127.0.0.1:${queryGrpc}" }
  jaeger_storage: { backends: { memory: { memory: { max_traces: 100000 } } } }
receivers:
  otlp: { protocols: { http: { endpoint: "127.0.0.1:${otlp}" }, grpc: { endpoint: "127.0.0.1:${grpc}" } } }
exporters: { jaeger_storage_exporter: { trace_storage: memory } }
`;
  await writeFile(join(folder, 'config.yaml'), config);
  const queryUrl = `http://127.0.0.1:${query}`;
  const args = ['--config', join(folder, 'config.yaml')];
  const url = `http://127.0.0.1:${otlp}`;
  // It answers questions before it takes spans.
  const ready = [`${queryUrl}/api/v3/services`, `${url}/v1/traces`];
  const stop = await start({ path: jaegerPath, args, folder, ready });
  return { url, queryUrl, stop };
}

interface Start {
  readonly path: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Each answers anything at all once the server is up. */
  readonly ready: readonly string[];
}

async function start({ path, args, folder, ready }: Start): Promise<() => Promise<void>> {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (said = (said + text).slice(-4000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  // A test run that is ended must not leave servers behind.
  process.once('exit', () => child.kill('SIGKILL'));
  if (!(await isReady(child, ready))) {
    await stop();
    throw new Error(`${path} did not get ready: ${said}`);
  }
  return stop;
}

async function isReady(child: ChildProcess, urls: readonly string[]): Promise<boolean> {
  const waiting = [...urls];
  for (let attempt = 0; attempt < 300 && waiting.length > 0; attempt++) {
    if (child.exitCode !== null) return false;
    try {
      await fetch(waiting[0]);
      waiting.shift();
    } catch {
      await wait(100);
    }
  }
  return waiting.length === 0;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
