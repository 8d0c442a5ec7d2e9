/** What `pageflame export` is told, for tests. In: a file, where to write, what is not as usual. Out: its options. */
import type { ExportOptions } from '../../src/cli/export.ts';

export type ExportChanges = Partial<Omit<ExportOptions, 'scope'>> & {
  readonly scope?: Partial<ExportOptions['scope']>;
};

export const exportOptions = (file: string, output: string, changes: ExportChanges): ExportOptions => ({
  file,
  format: 'pprof',
  type: null,
  sourceMaps: null,
  output,
  ...changes,
  scope: { thread: 'main', from: null, to: null, jsOnly: false, ...changes.scope },
});
