/** Tables as plain data, so that two readings can be compared whole. */
import type { TraceTables } from '../../src/trace/index.ts';

export function plainTables({ strings, marks, ...tables }: TraceTables): object {
  const plainMarks: unknown = JSON.parse(JSON.stringify(marks));
  return { ...tables, marks: plainMarks, strings: [...strings.texts] };
}
