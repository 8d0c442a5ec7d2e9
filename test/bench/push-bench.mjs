/**
 * Sending: a thousand recordings through the queue, kept on the disk at every step, beside the same requests sent bare,
 * 16 at once (to Pyroscope: beside the least time in which it can take them): how much of what a backend takes do we use.
 * In: our built code; real servers where they are: Jaeger and the Collector as backend-servers.mjs builds them; Pyroscope
 * where PAGEFLAME_PYROSCOPE_URL says, else a server that takes as much as the real one was measured to. Out: a table.
 */
import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { collectorPath, realServersBuilt } from '../../scripts/backend-servers.mjs';
import { millis, printTable, ratio } from './figures.mjs';
import { BUSY_PAGE } from './places.mjs';

const COUNT = 1_000;

/** @param {{ push: string, to: ReadonlySet<string> }} options */
export async function runPushBench({ push, to }) {
  const { measurePush, startJaeger, startMeasuredPyroscope } = await import(pathToFileURL(push).href);
  console.log(
    `\n## ${COUNT} recordings pushed, ${16} requests at once, beside the same requests sent bare\n`,
  );
  /** @type {string[][]} */
  const rows = [];
  /** @param {string} name @param {string} kind @param {string} url */
  const run = async (name, kind, url) => {
    const trace = Readable.toWeb(createReadStream(BUSY_PAGE));
    const work = await measurePush(trace, { kind, url, count: COUNT });
    rows.push([
      name,
      `${work.requests}`,
      `${Math.round(work.bytes)}`,
      `${Math.round(work.plainBytes)}`,
      millis(work.planMillis),
      millis(work.bareMillis),
      millis(work.queueMillis),
      ratio(work.queueMillis / work.bareMillis),
    ]);
  };
  const pyroscope = process.env.PAGEFLAME_PYROSCOPE_URL;
  if (to.has('pyroscope') && pyroscope) await run('Pyroscope', 'pyroscope', pyroscope);
  else if (to.has('pyroscope')) {
    const measured = await startMeasuredPyroscope();
    await run('Pyroscope, as it was measured', 'pyroscope', measured.url);
    if (measured.refused() > 0) throw new Error(`429 was answered ${measured.refused()} times`);
    measured.stop();
  }
  if (realServersBuilt()) {
    const collector = await startCollector();
    if (to.has('profiles')) await run('Collector, profiles', 'otlp', collector.url);
    if (to.has('traces')) await run('Collector, traces', 'otlp-traces', collector.url);
    collector.stop();
  }
  if (realServersBuilt() && to.has('jaeger')) {
    const jaeger = await startJaeger();
    await run('Jaeger', 'otlp-traces', jaeger.url);
    await jaeger.stop();
  }
  printTable(
    ['', 'requests', 'bytes each', 'uncompressed', 'plan', 'bare', 'through the queue', 'queue to bare'],
    rows,
  );
}

async function startCollector() {
  const folder = mkdtempSync(join(tmpdir(), 'pageflame-bench-collector-'));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  writeFileSync(
    join(folder, 'config.yaml'),
    `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } } }
exporters: { debug: { verbosity: basic } }
service:
  telemetry: { metrics: { level: none }, logs: { level: error } }
  pipelines:
    profiles: { receivers: [otlp], exporters: [debug] }
    traces: { receivers: [otlp], exporters: [debug] }
`,
  );
  const args = ['--config', join(folder, 'config.yaml'), '--feature-gates=+service.profilesSupport'];
  const child = spawn(collectorPath, args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 100; attempt++) {
    const up = await fetch(url).then(
      () => true,
      () => false,
    );
    if (up) break;
    await wait(100);
  }
  return {
    url,
    stop: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}
