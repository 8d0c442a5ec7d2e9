/** The file that a command is about. In: its path. Out: its bytes, unread; or why it cannot be read. */
import { stat } from 'node:fs/promises';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { DiskFile } from './disk-file.ts';

export async function openFile(path: string): Promise<Result<Blob>> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) return fail(makeFailure('file-is-folder', { subject: path }));
    return succeed(DiskFile.open(path));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return fail(
      makeFailure(missing ? 'file-not-found' : 'file-unreadable', { subject: path, detail: String(error) }),
    );
  }
}
