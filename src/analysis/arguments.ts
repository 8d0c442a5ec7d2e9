/**
 * Event arguments as they come from outside: unknown shapes, read without trust.
 * In: a mark's arguments. Out: typed fields, undefined where they are missing or of another type.
 */
import type { Mark } from '../trace/index.ts';

export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

export function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : NONE;
}

/** `args.data`, where Chrome's devtools.timeline events keep their fields. */
export function dataOf(mark: Mark): Fields {
  return asFields(mark.args.data);
}

export function text(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'string' ? value : undefined;
}

export function number(fields: Fields, key: string): number | undefined {
  const value = fields[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function flag(fields: Fields, key: string): boolean | undefined {
  const value = fields[key];
  return typeof value === 'boolean' ? value : undefined;
}
