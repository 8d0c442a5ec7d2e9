/** Profiles of a real trace for the tests of formats: `cpu`, `wall` and `samples` of its main thread and a worker. */
import { join } from 'node:path';
import { classifySlices, findPageLoad } from '../../src/analysis/index.ts';
import { type ProfileType, profileOfRange, type StackProfile } from '../../src/profile/index.ts';
import { readTraceFile, SHARED } from './shared-traces.ts';

export interface RealProfiles {
  /** By type: the main thread's, then those of all other threads that did anything. */
  of(type: ProfileType): readonly StackProfile[];
}

export async function readRealProfiles(name = 'react.json.gz'): Promise<RealProfiles> {
  const tables = await readTraceFile(join(SHARED, 'traces', name));
  const classes = classifySlices(tables);
  const { mainThread } = findPageLoad(tables);
  const rows = Array.from({ length: tables.threads.length }, (_, row) => row)
    .filter((row) => row !== mainThread && tables.threads.endSlice[row] > tables.threads.firstSlice[row])
    .slice(0, 4);
  return {
    of: (type) =>
      [mainThread, ...rows].map((thread) => ({
        ...profileOfRange(tables, classes, { thread, range: tables.bounds, type }),
        startUnixMillis: 1_790_000_000_000.25,
      })),
  };
}
