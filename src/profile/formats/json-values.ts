/**
 * Values out of a parsed JSON file that somebody else wrote. In: anything. Out: the value where it is of that kind,
 * something empty where it is not.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** NaN where it is no finite number; texts of digits count, as protobuf's JSON writes its large numbers. */
export function asNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
}

/** A row of a table of `length`; -1 where it is none. */
export function asRow(value: unknown, length: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < length ? value : -1;
}

/** A line or column counted from 1; 0 where it is none. */
export function asPlace(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31 ? value : 0;
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is wrong with it is of no use to whoever offered the file.
    return undefined;
  }
}
