/**
 * The real servers that test/backends runs against: OpenTelemetry Collector and Jaeger, each a pinned Go module, built
 * once into a cache folder outside the checkout.
 * In: Go on the machine. Out: the executables' paths; `node scripts/backend-servers.mjs` builds what is missing and says
 * how long it took. Refuses, in words: a machine without Go, and modules that cannot be had.
 * Plain Node without packages, because it runs before there are any.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runMain, SetupProblem } from './setup.mjs';

const COLLECTOR = '0.159.0';
/** The configuration providers have a version line of their own. */
const PROVIDERS = '1.65.0';
const JAEGER = '1.76.0';

const CACHE = join(
  process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.cache'),
  'pageflame',
  'backends',
);
const SUFFIX = process.platform === 'win32' ? '.exe' : '';

export const collectorPath = join(CACHE, `otelcol-${COLLECTOR}${SUFFIX}`);
export const jaegerPath = join(CACHE, `jaeger-${JAEGER}${SUFFIX}`);

/** Whether the tests against them can run. */
export const realServersBuilt = () => existsSync(collectorPath) && existsSync(jaegerPath);

const MANIFEST = `dist:
  name: otelcol
  output_path: ./out
receivers:
  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v${COLLECTOR}
exporters:
  - gomod: go.opentelemetry.io/collector/exporter/debugexporter v${COLLECTOR}
  - gomod: go.opentelemetry.io/collector/exporter/otlphttpexporter v${COLLECTOR}
providers:
  - gomod: go.opentelemetry.io/collector/confmap/provider/fileprovider v${PROVIDERS}
  - gomod: go.opentelemetry.io/collector/confmap/provider/envprovider v${PROVIDERS}
`;

/** Builds what is missing. About two minutes for the Collector and six for Jaeger on two cores; nothing where both are there. */
export function buildRealServers() {
  if (realServersBuilt()) return;
  if (spawnSync('go', ['version']).status !== 0)
    throw new SetupProblem('Go is needed to build the servers of test/backends. Install it from go.dev.');
  mkdirSync(CACHE, { recursive: true });
  buildOnce('the OpenTelemetry Collector', collectorPath, buildCollector);
  buildOnce('Jaeger', jaegerPath, buildJaeger);
}

/**
 * @param {string} name
 * @param {string} path
 * @param {(folder: string) => string} build Builds in a folder of its own, and says where the executable is.
 */
function buildOnce(name, path, build) {
  if (existsSync(path)) return;
  console.log(`backends: building ${name} (once; it is kept in ${CACHE})`);
  const begin = Date.now();
  const folder = mkdtempSync(join(CACHE, 'build-'));
  try {
    renameSync(build(folder), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`backends: ${name} took ${Math.round((Date.now() - begin) / 1000)} s`);
}

/** @param {string} folder */
function buildCollector(folder) {
  run('go', ['install', `go.opentelemetry.io/collector/cmd/builder@v${COLLECTOR}`], folder, {
    GOBIN: folder,
  });
  writeFileSync(join(folder, 'manifest.yaml'), MANIFEST);
  run(join(folder, `builder${SUFFIX}`), ['--config=manifest.yaml'], folder);
  return join(folder, 'out', `otelcol${SUFFIX}`);
}

/** Built in its own module's folder, because `go install` refuses a module with a replace. @param {string} folder */
function buildJaeger(folder) {
  const answer = run(
    'go',
    ['mod', 'download', '-json', `github.com/jaegertracing/jaeger@v${JAEGER}`],
    folder,
    {},
    'pipe',
  );
  /** @type {{ Dir: string }} */
  const { Dir } = JSON.parse(answer);
  const out = join(folder, `jaeger${SUFFIX}`);
  run('go', ['build', '-o', out, './cmd/jaeger'], Dir, { CGO_ENABLED: '0' });
  return out;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {Readonly<Record<string, string>>} [environment]
 * @param {'inherit' | 'pipe'} [output]
 * @returns {string} What it printed, where that was asked for.
 */
function run(command, args, cwd, environment = {}, output = 'inherit') {
  const { status, stdout, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', output, 'inherit'],
    encoding: 'utf8',
  });
  if (status === 0) return stdout ?? '';
  throw new SetupProblem(
    `${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}.`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await runMain(buildRealServers);
