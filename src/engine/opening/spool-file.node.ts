/**
 * A spool file of Node: a temporary file that has no name from the start, so that nothing is left of it however the
 * process ends.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MakeSpoolFile } from './spool-file.ts';

export const makeTemporarySpool: MakeSpoolFile = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pageflame-spool-'));
  const file = await open(join(folder, 'spool'), 'wx+', 0o600);
  await rm(folder, { recursive: true });
  let length = 0;
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, at, bytes.length - at, length);
        at += bytesWritten;
        length += bytesWritten;
      }
    },
    async read(offset, count) {
      const bytes = new Uint8Array(Math.min(count, length - offset));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
    remove: () => file.close(),
  };
};
