/**
 * The file that a command is about. In: its path, or `-` for stdin. Out: its bytes, of a file on the disk unread; or why
 * it cannot be read. What is no file on a disk (a pipe, stdin) is read into memory.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { arrayBuffer } from 'node:stream/consumers';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { DiskFile } from './disk-file.ts';

export const STDIN = '-';

/** What a file is called in sentences and titles. */
export const nameOfFile = (path: string): string => (path === STDIN ? 'stdin' : basename(path));

export async function openFile(path: string): Promise<Result<Blob>> {
  try {
    if (path === STDIN) return succeed(new Blob([await arrayBuffer(process.stdin)]));
    const facts = await stat(path);
    if (facts.isDirectory()) return fail(makeFailure('file-is-folder', { subject: path }));
    if (facts.isFile()) return succeed(DiskFile.open(path));
    return succeed(new Blob([await arrayBuffer(createReadStream(path))]));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // Part of the path is a file: then it is not there either.
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return fail(makeFailure('file-not-found', { subject: path }));
    return fail(makeFailure('file-unreadable', { subject: path, detail: wordsOf(error) }));
  }
}

/** What the system said, without the name of its class. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
