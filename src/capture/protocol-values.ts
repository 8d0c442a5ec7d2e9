/**
 * Reads values out of what the protocol sends. In: objects of unknown shape. Out: the value where it has the wanted
 * type, else an empty one: a field that is missing in some Chrome version is no reason to stop recording.
 */
import type { CdpParams } from './cdp-session.ts';

export function readText(params: CdpParams, key: string): string {
  const value = params[key];
  return typeof value === 'string' ? value : '';
}

export function readNumber(params: CdpParams, key: string): number | null {
  const value = params[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function readObject(params: CdpParams, key: string): CdpParams {
  const value = params[key];
  return isObject(value) ? value : {};
}

export function readList(params: CdpParams, key: string): readonly CdpParams[] {
  const value = params[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function isObject(value: unknown): value is CdpParams {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of JSON text from the page, or null where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The bytes of base64 text, as `IO.read` and `Page.screencastFrame` send them. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
