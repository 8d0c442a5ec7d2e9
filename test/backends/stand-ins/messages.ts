/**
 * Connect's JSON messages, as the stand-ins read them: unknown fields are ignored.
 * In: a body. Out: its object. Refuses what is no JSON, in Connect's words.
 */
import { invalid } from './pyroscope-store.ts';
import { textOf } from './wire.ts';

export type JsonObject = Readonly<Record<string, unknown>>;
export const asArray = (value: unknown): JsonObject[] => (Array.isArray(value) ? value : []);

export function parseMessage(body: Uint8Array, name: string): JsonObject {
  try {
    return JSON.parse(textOf(body));
  } catch {
    throw invalid(`unmarshal message: unmarshal into *${name}: proto: unexpected EOF`);
  }
}

export const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null ? (value as JsonObject) : {};
export const asStrings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
