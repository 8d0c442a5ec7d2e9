/**
 * The temporary folder of one run of all tests: browsers' profiles, vitest's compiled modules and the tests' own files are
 * in it, so that nothing stays behind, also where a run was killed.
 * In: the folder for temporary files, this process's number. Out: a folder that is this run's; those of runs that are over are deleted.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Short: sockets lie in it, and their paths may have 104 characters on macOS. */
const PREFIX = 'pageflame-run-';

/**
 * @param {{ parent?: string, pid?: number, isRunning?: (pid: number) => boolean }} [options]
 * @returns {{ path: string, remove: () => void }}
 */
export function openRunFolder({ parent = tmpdir(), pid = process.pid, isRunning = isProcess } = {}) {
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : Number.NaN;
    if (Number.isInteger(owner) && (owner === pid || !isRunning(owner))) removeFolder(join(parent, name));
  }
  const path = join(parent, `${PREFIX}${pid}`);
  mkdirSync(path);
  return { path, remove: () => removeFolder(path) };
}

/**
 * A browser that was killed may write for another moment. What cannot be deleted (another user's, or still written to) is
 * left to a later run: no test depends on it.
 * @param {string} path
 */
function removeFolder(path) {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  } catch (error) {
    console.error(`${path} could not be deleted: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {number} pid */
function isProcess(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
