/**
 * A destination with what is needed to talk to it.
 * In: destination, credentials, wire. Out: a {@link Connection}; requests built on it carry its headers.
 */
import type { Credentials, Destination } from '../contract.ts';
import { authHeaders, DEFAULT_WIRE, joinUrl, type Wire, type WireRequest } from './http.ts';

export interface Connection {
  readonly destination: Destination;
  readonly wire: Wire;
  /** Tenant and authorization. */
  readonly headers: Readonly<Record<string, string>>;
}

export function connect(
  destination: Destination,
  credentials: Credentials,
  wire: Wire = DEFAULT_WIRE,
): Connection {
  return { destination, wire, headers: authHeaders(destination, credentials) };
}

export function postJson(to: Connection, path: string, value: object): WireRequest {
  return {
    method: 'POST',
    url: joinUrl(to.destination.url, path),
    headers: { ...to.headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  };
}

/** `base` where the connection's own is not meant (a query port). The credentials go along only within one origin. */
export function getFrom(to: Connection, base: string, path: string): WireRequest {
  const sameOrigin = new URL(base).origin === new URL(to.destination.url).origin;
  return { method: 'GET', url: joinUrl(base, '') + path, headers: sameOrigin ? to.headers : {} };
}
