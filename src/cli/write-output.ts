/**
 * What a command writes as a file.
 * In: a path, or `-` for stdout; the content. Out: the file, whole or not at all: it is written beside its place and then
 * put there, so that a failure or Ctrl+C leaves what was there before. What is no file on a disk (a pipe, a device) is
 * written to as it is. Refuses, as early as it is asked: folders, and places in folders that there are not.
 */
import { createWriteStream, rmSync } from 'node:fs';
import { access, constants, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Failure, makeFailure } from '../base/index.ts';
import { wordsOf } from './open-file.ts';

export const STDOUT = '-';

/** File systems take 255 bytes; a recording is written under its name with `.part` first. */
const LONGEST_NAME = 250;

/** A Failure that the content's stream breaks with is answered as it is. */
export type OutputContent = AsyncIterable<Uint8Array>;

/** Why `output` cannot be written; found out before a minute is spent on what goes there. */
export async function checkOutput(output: string): Promise<Failure | null> {
  if (output === STDOUT) return null;
  const failed = (detail: string): Failure => makeFailure('write-failed', { subject: output, detail });
  if ((await kindOf(output)) === 'folder') return failed('it is a folder');
  const folder = dirname(output);
  if ((await kindOf(folder)) !== 'folder') return failed(`there is no folder ${folder}`);
  if (Buffer.byteLength(basename(output)) > LONGEST_NAME) return failed('its name is too long');
  return access(folder, constants.W_OK).then(
    () => null,
    (error: unknown) => failed(wordsOf(error)),
  );
}

/** null when all of it is written. */
export async function writeOutput(output: string, content: OutputContent): Promise<Failure | null> {
  try {
    if (output === STDOUT) await writeToStdout(content);
    else if ((await kindOf(output)) === 'other') await pipeline(content, createWriteStream(output));
    else await replaceFile(await realPlace(output), content);
    return null;
  } catch (error) {
    return isFailure(error)
      ? error
      : makeFailure('write-failed', { subject: output, detail: wordsOf(error) });
  }
}

async function writeToStdout(content: OutputContent): Promise<void> {
  for await (const piece of content)
    if (!process.stdout.write(piece)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

async function replaceFile(path: string, content: OutputContent): Promise<void> {
  const beside = join(dirname(path), `.pageflame-${process.pid}.part`);
  const stop = (): void => {
    rmSync(beside, { force: true });
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const mode = await stat(path).then(
      (facts) => facts.mode,
      () => 0o666,
    );
    await pipeline(content, createWriteStream(beside, { mode }));
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** A link stays one: what it leads to is replaced. */
const realPlace = (path: string): Promise<string> => realpath(path).catch(() => path);

async function kindOf(path: string): Promise<'folder' | 'file' | 'other' | null> {
  return stat(path).then(
    (facts) => (facts.isDirectory() ? 'folder' : facts.isFile() ? 'file' : 'other'),
    () => null,
  );
}

function isFailure(error: unknown): error is Failure {
  return (
    typeof error === 'object' && error !== null && 'code' in error && 'message' in error && 'detail' in error
  );
}
