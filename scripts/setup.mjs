/**
 * `npm run setup`: installs what Pageflame needs and is missing, and says what it does: the npm packages, and a browser
 * that takes unpacked extensions (Chromium or Chrome for Testing).
 * In: the machine as it is. Out: node_modules as package-lock.json wants it, and the path of the browser.
 * Refuses, in words: a Node that is too old, and a machine where no browser can be had.
 * Plain Node without packages, because it runs before there are any.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findBrandedChrome, findChromium } from '../src/cli/find-chromium.mjs';

const ROOT = new URL('..', import.meta.url);
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const readJson = (/** @type {string} */ file) => JSON.parse(readFileSync(new URL(file, ROOT), 'utf8'));
const say = (/** @type {string} */ line) => console.log(`setup: ${line}`);

/** What a person must do; the message is the whole story. */
export class SetupProblem extends Error {}

/**
 * Everything that is needed, installed where it was missing.
 * @returns {string} The browser's executable.
 */
export function setUp() {
  checkNode();
  installPackages();
  return provideChromium();
}

function checkNode() {
  const wanted = /** @type {string} */ (readJson('package.json').engines.node).replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor))
    throw new SetupProblem(
      `Node ${wanted} or newer is needed; this is ${process.versions.node}. Install it from nodejs.org.`,
    );
}

function installPackages() {
  const problem = findStalePackage();
  if (problem === null) return say('packages are installed');
  say(`${problem}: running npm install`);
  // Not `npm ci`: the lock file names only those systems' binaries that our registry had when it was written, and
  // `npm ci` refuses a lock file that leaves optional packages out. --no-save keeps the lock file as it is.
  run(NPM, ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund']);
}

/**
 * The first reason why node_modules is not what package-lock.json wants; null where there is none.
 * @returns {string | null}
 */
function findStalePackage() {
  if (!existsSync(new URL('node_modules/.package-lock.json', ROOT))) return 'packages are missing';
  /** @type {Record<string, { version: string, optional?: boolean }>} */
  const wanted = readJson('package-lock.json').packages;
  /** @type {Record<string, { version: string }>} */
  const present = readJson('node_modules/.package-lock.json').packages;
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === '' || present[path]?.version === version) continue;
    // Optional packages are other systems' binaries.
    if (present[path] !== undefined || !optional)
      return `${path.replace('node_modules/', '')} ${version} is missing`;
  }
  return null;
}

/** @returns {string} */
function provideChromium() {
  const found = findUsable();
  if (found !== null) return found;
  explainBrandedChrome();
  if (process.env.PAGEFLAME_CHROMIUM)
    throw new SetupProblem(
      `PAGEFLAME_CHROMIUM is ${process.env.PAGEFLAME_CHROMIUM}, which is no browser that can be used.`,
    );
  const rootCommand = findRootCommand();
  if (rootCommand !== null && isInDebian('chromium', rootCommand)) {
    say('installing the Debian package chromium');
    run(rootCommand[0], [
      ...rootCommand.slice(1),
      ...APT,
      'install',
      '-y',
      '--no-install-recommends',
      'chromium',
      'fonts-liberation',
    ]);
  } else {
    say("installing Playwright's Chromium");
    const dependencies = process.platform === 'linux' && rootCommand !== null ? ['--with-deps'] : [];
    run(process.execPath, [
      'node_modules/playwright/cli.js',
      'install',
      'chromium',
      '--no-shell',
      ...dependencies,
    ]);
  }
  const installed = findUsable();
  if (installed === null)
    throw new SetupProblem('The browser was installed but cannot be found. Set PAGEFLAME_CHROMIUM to it.');
  return installed;
}

/**
 * A browser that is here and new enough.
 * @returns {string | null}
 */
function findUsable() {
  const found = findChromium();
  if (found === null) return null;
  const { stdout } = spawnSync(found.path, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  const version = /(\d+)\.\d+\.\d+/.exec(stdout ?? '');
  // On Windows the browser does not tell its version this way.
  const name = version === null ? 'a browser of unknown version' : stdout.trim();
  const oldest = Number.parseInt(readJson('manifest.json').minimum_chrome_version, 10);
  if (version !== null && Number(version[1]) < oldest) {
    say(`${found.path} is ${name}; Pageflame needs ${oldest} or newer`);
    return null;
  }
  const isBranded = /^(Google Chrome(?! for Testing)|Microsoft Edge)/.test(name);
  if (version !== null && isBranded && Number(version[1]) >= 137) {
    explainBrandedChrome(found.path);
    return null;
  }
  say(`browser: ${name}, ${found.path} (found in ${found.from})`);
  return found.path;
}

/** @param {string | null} [path] */
function explainBrandedChrome(path = findBrandedChrome()) {
  if (path === null) return;
  say(`${path} cannot be used here: since version 137 it ignores --load-extension.`);
  say('To use Pageflame in it: npm run build, open chrome://extensions, switch on Developer mode, press');
  say(`"Load unpacked" and choose ${fileURLToPath(new URL('dist/extension', ROOT))}.`);
}

const APT = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'Acquire::Retries=3'];

/**
 * How to run a command as root without a question; null where that is impossible.
 * @returns {string[] | null}
 */
function findRootCommand() {
  if (process.platform !== 'linux') return null;
  if (process.getuid?.() === 0) return ['env'];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null;
}

/**
 * Whether apt offers `name` as a real package. (Ubuntu's is a snap, which sees only parts of the disk.)
 * @param {string} name
 * @param {readonly string[]} rootCommand
 */
function isInDebian(name, rootCommand) {
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID="?debian"?$/m.test(system)) return false;
  say('updating the list of Debian packages');
  spawnSync(rootCommand[0], [...rootCommand.slice(1), ...APT, 'update'], { stdio: 'inherit' });
  const { stdout } = spawnSync('apt-cache', ['policy', name], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return /Candidate: \d/.test(stdout ?? '');
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  try {
    execFileSync(command, args, {
      cwd: fileURLToPath(ROOT),
      stdio: 'inherit',
      shell: command.endsWith('.cmd'),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new SetupProblem(`${reason}. Install it by hand and run this again.`);
  }
}

/**
 * Runs `main`; a {@link SetupProblem} is a sentence and exit code 1.
 * @param {() => unknown} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await runMain(setUp);
