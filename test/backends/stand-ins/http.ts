/**
 * A small HTTP server on a free loopback port, for stand-ins and proxies.
 * In: a handler. Out: its address, and how to stop it. Bodies arrive whole, gunzipped where the header says so.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Uint8Array;
}

export interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

export type Handler = (call: Call) => Reply | Promise<Reply>;

export async function serve(handle: Handler): Promise<RunningServer> {
  return listen(async (request, response) => {
    const call = await readCall(request);
    const { status, type, body, headers } = await handle(call);
    response.writeHead(status, { ...(type ? { 'Content-Type': type } : {}), ...headers });
    response.end(body);
  });
}

export async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(`the stand-in failed: ${error instanceof Error ? error.stack : error}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Where nothing listens any more. */
export async function addressOfNobody(): Promise<string> {
  const server = await serve(() => ({ status: 200 }));
  await server.stop();
  return server.url;
}

export async function readBody(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const body = await readBody(request);
  const zipped = request.headers['content-encoding'] === 'gzip' && url.pathname !== '/ingest';
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: zipped ? new Uint8Array(gunzipSync(body)) : body,
  };
}

export const json = (status: number, value: unknown): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
