/**
 * `npm test`: installs what is missing, then checks, builds and tests everything, also after a failure. With CI=true the
 * real backends are built, too (backend-servers.mjs), and are never left out.
 * Out: every tool's own words; the tests that passed at a second try only, with what the first met; and as the very last
 * line `N passed, N failed`: each check and build counts as one, each test as one. Exit code 1 when anything failed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildRealServers, realServersBuilt } from './backend-servers.mjs';
import { openRunFolder } from './run-folder.mjs';
import { SetupProblem, setUp } from './setup.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const temporary = openRunFolder();
const count = { passed: 0, failed: 0 };
/** @type {string[]} */
const triedAgain = [];

try {
  const chromium = setUp();
  for (const script of ['check:types', 'check:lint', 'check:imports', 'build']) step(script);
  provideRealServers();
  for (const project of ['unit', 'backends', 'e2e']) runTests(project, chromium);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  console.error(error.message);
  count.failed++;
}
temporary.remove();
process.exitCode = count.failed === 0 ? 0 : 1;
if (triedAgain.length > 0) {
  console.log(`\n── ${triedAgain.length} passed only when they were tried again: each hides something ──`);
  for (const words of triedAgain) console.log(words);
}
console.log(`${count.passed} passed, ${count.failed} failed`);

/** In continuous integration the real servers are built and their tests run; elsewhere they are used if they are there. */
function provideRealServers() {
  console.log('\n── real backends ──');
  if (process.env.CI !== 'true') {
    console.log(
      realServersBuilt()
        ? 'the OpenTelemetry Collector and Jaeger are built: their tests run'
        : 'tests against the OpenTelemetry Collector and Jaeger are left out; `npm run test:backends` builds them (Go, once, about 8 minutes)',
    );
    return;
  }
  try {
    buildRealServers();
    count.passed++;
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    console.error(error.message);
    count.failed++;
  }
}

/** @param {string} script */
function step(script) {
  console.log(`\n── ${script} ──`);
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) count.passed++;
  else count.failed++;
  console.log(`${script}: ${status === 0 ? 'ok' : 'FAILED'}`);
}

/**
 * @param {string} project
 * @param {string} chromium
 */
function runTests(project, chromium) {
  console.log(`\n── ${project} ──`);
  const report = join(temporary.path, 'report.json');
  // Windows has two other words for it.
  const places = { TMPDIR: temporary.path, TEMP: temporary.path, TMP: temporary.path };
  const { status } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...places, PAGEFLAME_CHROMIUM: chromium } },
  );
  const { passed, failed } = readReport(report);
  rmSync(report, { force: true });
  count.passed += passed;
  // A file that does not even load, and an error that no test caught, fail the run without failing a test.
  count.failed += failed === 0 && status !== 0 ? 1 : failed;
}

/**
 * A test that did not run has not passed. One that passed and has failures to tell of was tried again.
 * @param {string} file
 */
function readReport(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    for (const { name, assertionResults } of report.testResults)
      for (const { status, fullName, failureMessages } of assertionResults)
        if (status === 'passed' && failureMessages.length > 0)
          triedAgain.push([`${name}: ${fullName}`, ...failureMessages.map(firstLines)].join('\n  '));
    return { passed: report.numPassedTests, failed: report.numTotalTests - report.numPassedTests };
  } catch (error) {
    console.error(`vitest left no report: ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1 };
  }
}

/** @param {string} message */
function firstLines(message) {
  return message.split('\n', 3).join('\n  ');
}
