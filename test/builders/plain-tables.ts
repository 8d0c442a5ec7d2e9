/** Tables as plain data, so that two readings can be compared whole. */
import type { TraceTables } from '../../src/trace/index.ts';

export function plainTables({ strings, ...tables }: TraceTables): object {
  return { ...tables, strings: [...strings.texts] };
}
