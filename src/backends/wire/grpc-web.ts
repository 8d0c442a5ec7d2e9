/**
 * gRPC-Web over HTTP/1.1: one message there, one answer back.
 * In: a message, or the exchange with what it was sent to. Out: the body of a request; the answer as a plain HTTP one would
 * be, with gRPC's status as the HTTP status that gateways give for it, so that one judge decides on both.
 */
import type { Exchange, WireAnswer } from './http.ts';
import type { Message } from './protobuf.ts';

export const GRPC_WEB_TYPE = 'application/grpc-web+proto';

/** A flag (0: a message), its length in 4 bytes, the message. */
export function frameMessage(message: Message): Message {
  const framed = new Uint8Array(5 + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, 5);
  return framed;
}

/** As google.rpc.Code says that its codes stand for HTTP's. */
const STATUSES: Readonly<Record<string, number>> = {
  '0': 200,
  '1': 499,
  '2': 500,
  '3': 400,
  '4': 504,
  '5': 404,
  '6': 409,
  '7': 403,
  '8': 429,
  '9': 400,
  '10': 409,
  '11': 400,
  '12': 501,
  '13': 500,
  '14': 503,
  '15': 500,
  '16': 401,
};

/** What did not come as gRPC-Web (a proxy's own page, an error before it) stays as it is. */
export function readGrpcExchange(got: Exchange): Exchange {
  if (got.kind !== 'answered' || got.answer.status !== 200) return got;
  if (!got.answer.contentType.startsWith('application/grpc-web')) return got;
  return { kind: 'answered', answer: readGrpcAnswer(got.answer) };
}

function readGrpcAnswer(answer: WireAnswer): WireAnswer {
  const trailers = new Map([...answer.grpcHeaders, ...readTrailers(answer.body)]);
  const status = trailers.get('grpc-status');
  const words = decodePercent(trailers.get('grpc-message') ?? '');
  // An answer that ends before its trailers was cut.
  if (status === undefined)
    return { ...answer, status: 502, contentType: 'text/plain', body: bytesOf('cut off') };
  return { ...answer, status: STATUSES[status] ?? 500, contentType: 'text/plain', body: bytesOf(words) };
}

/** The last frame (flag 128) holds them as an HTTP header would. */
function readTrailers(body: Uint8Array<ArrayBuffer>): [string, string][] {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  for (let at = 0; at + 5 <= body.length; ) {
    const length = view.getUint32(at + 1);
    const isTrailer = (body[at] & 128) !== 0;
    const frame = body.subarray(at + 5, at + 5 + length);
    if (isTrailer && frame.length === length) return linesOf(new TextDecoder().decode(frame));
    at += 5 + length;
  }
  return [];
}

function linesOf(text: string): [string, string][] {
  return text.split('\r\n').flatMap((line): [string, string][] => {
    const cut = line.indexOf(':');
    return cut <= 0 ? [] : [[line.slice(0, cut).trim().toLowerCase(), line.slice(cut + 1).trim()]];
  });
}

/** gRPC's own rule: what is no `%XX` stands for itself, and what is no UTF-8 then becomes �. Nothing of it is thrown away. */
function decodePercent(text: string): string {
  const parts = text.split(/(%[0-9a-f]{2})/i);
  const bytes = parts.flatMap((part, index) =>
    index % 2 === 1 ? [Number.parseInt(part.slice(1), 16)] : [...bytesOf(part)],
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
