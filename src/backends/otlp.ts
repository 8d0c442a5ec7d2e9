/**
 * OpenTelemetry over HTTP: profiles as protobuf, traces as JSON; and Jaeger's questions, where it is the backend.
 * In: bodies and trace ids. Out: verdicts; whether a span is there, and a trace's spans. Wire facts:
 * reference/protocols.md §3.1, §5, §6.
 */
import * as v from 'valibot';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { Proof } from './contract.ts';
import { bytesOfHex, hexOf } from './ids.ts';
import { parseAnswer } from './wire/answer.ts';
import { type Connection, getFrom } from './wire/connection.ts';
import { decodeBase64, exchange, joinUrl, type WireAnswer, wordsOf } from './wire/http.ts';
import { readFields, textOf } from './wire/protobuf.ts';
import { explainStatus, judge, type Verdict } from './wire/verdict.ts';

/** Before compression. A Collector takes 20 MiB, but the Pyroscope that may stand behind it, or in its place, no more. */
export const OTLP_MAX_BYTES = 1.9 * 1024 * 1024;
/** Of one profile; Pyroscope's, too. */
export const OTLP_MAX_SAMPLES = 16_000;

const SIGNALS = {
  otlp: { path: '/v1development/profiles', type: 'application/x-protobuf' },
  'otlp-traces': { path: '/v1/traces', type: 'application/json' },
} as const;

export async function sendOtlp(
  to: Connection,
  kind: keyof typeof SIGNALS,
  body: Uint8Array,
): Promise<Verdict> {
  const { path, type } = SIGNALS[kind];
  const url = joinUrl(to.destination.url, path);
  const headers = { ...to.headers, 'Content-Type': type, 'Content-Encoding': 'gzip' };
  const sent = await exchange(to.wire, { method: 'POST', url, headers, body: new Uint8Array(body) });
  const verdict = judge(sent, to.destination.url);
  if (verdict.kind !== 'delivered' || sent.kind !== 'answered') return verdict;
  const rejected = readRejection(sent.answer);
  if (rejected === null) return verdict;
  // What was taken of it stays: sending it again would double that.
  return {
    kind: 'refused',
    failure: makeFailure('backend-refused', { subject: to.destination.url, detail: rejected }),
  };
}

const partial = v.object({
  partialSuccess: v.optional(
    v.object({
      rejectedSpans: v.optional(v.union([v.string(), v.number()])),
      rejectedProfiles: v.optional(v.union([v.string(), v.number()])),
      errorMessage: v.optional(v.string()),
    }),
  ),
});

/** What a 200 says was not taken; null where all was. */
function readRejection(answer: WireAnswer): string | null {
  if (!answer.contentType.startsWith('application/json')) return readProtobufRejection(answer.body);
  const parsed = parseAnswer(answer.body, partial, 'the answer');
  const said = parsed.ok ? parsed.value.partialSuccess : undefined;
  const rejected = Number(said?.rejectedSpans ?? said?.rejectedProfiles ?? 0);
  return rejected === 0 ? null : `${rejected} refused: ${said?.errorMessage ?? ''}`;
}

/** ExportProfilesServiceResponse: partial_success 1; of it rejected_profiles 1, error_message 2. A message alone is a warning. */
function readProtobufRejection(body: Uint8Array): string | null {
  for (const { field, bytes } of readFields(body)) {
    if (field !== 1 || bytes === null) continue;
    const fields = [...readFields(bytes)];
    const rejected = fields.find((one) => one.field === 1)?.number ?? 0;
    const words = fields.find((one) => one.field === 2)?.bytes ?? null;
    if (rejected > 0) return `${rejected} refused: ${words === null ? '' : textOf(words)}`;
  }
  return null;
}

export interface BackendSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly service: string;
  /** Which instrumentation made it; '' where it does not say. */
  readonly scope: string;
  /** Unix ms. */
  readonly start: number;
  readonly end: number;
}

const nanos = v.optional(v.union([v.string(), v.number()]), 0);
const traceAnswer = v.object({
  result: v.object({
    resourceSpans: v.fallback(
      v.array(
        v.object({
          resource: v.optional(
            v.object({
              attributes: v.fallback(
                v.array(
                  v.object({ key: v.string(), value: v.object({ stringValue: v.optional(v.string(), '') }) }),
                ),
                [],
              ),
            }),
          ),
          scopeSpans: v.fallback(
            v.array(
              v.object({
                scope: v.fallback(v.object({ name: v.optional(v.string(), '') }), { name: '' }),
                spans: v.fallback(
                  v.array(
                    v.object({
                      traceId: v.string(),
                      spanId: v.string(),
                      parentSpanId: v.optional(v.string(), ''),
                      name: v.optional(v.string(), ''),
                      startTimeUnixNano: nanos,
                      endTimeUnixNano: nanos,
                    }),
                  ),
                  [],
                ),
              }),
            ),
            [],
          ),
        }),
      ),
      [],
    ),
  }),
});

/** The spans that Jaeger has of a trace; none where it has none. */
export async function fetchTrace(to: Connection, traceId: string): Promise<Result<BackendSpan[]>> {
  const base = to.destination.queryUrl ?? to.destination.url;
  const got = await exchange(to.wire, getFrom(to, base, `/api/v3/traces/${traceId}`));
  if (got.kind !== 'answered') return fail(got.failure);
  const { answer } = got;
  // Jaeger says so in JSON, whatever type it calls that; another server's 404 has other words.
  if (answer.status === 404 && /"httpCode":\s*404/.test(wordsOf(answer))) return succeed([]);
  if (answer.status !== 200) return fail(explainStatus(answer, base));
  const parsed = parseAnswer(answer.body, traceAnswer, base);
  if (!parsed.ok) return parsed;
  return succeed(
    parsed.value.result.resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const service = resource?.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      return scopeSpans.flatMap(({ scope, spans }) =>
        spans.map((span) => ({
          traceId: asHex(span.traceId, 16),
          spanId: asHex(span.spanId, 8),
          parentSpanId: span.parentSpanId === '' ? '' : asHex(span.parentSpanId, 8),
          name: span.name,
          service,
          scope: scope.name,
          start: Number(span.startTimeUnixNano) / 1e6,
          end: Number(span.endTimeUnixNano) / 1e6,
        })),
      );
    }),
  );
}

/** Ids are hex in OTLP/JSON, base64 where protobuf's own JSON is spoken. */
function asHex(id: string, bytes: number): string {
  if (new RegExp(`^[0-9a-f]{${bytes * 2}}$`, 'i').test(id)) return id.toLowerCase();
  try {
    return hexOf(decodeBase64(id));
  } catch {
    return hexOf(bytesOfHex(id));
  }
}

export async function isSpanThere(
  to: Connection,
  proof: Extract<Proof, { kind: 'trace' }>,
): Promise<Result<boolean>> {
  const spans = await fetchTrace(to, proof.traceId);
  return spans.ok ? succeed(spans.value.some(({ spanId }) => spanId === proof.spanId)) : spans;
}
