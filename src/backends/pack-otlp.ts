/**
 * Profiles and page loads → parcels for OpenTelemetry backends.
 * In: a packing. Out: parcels: profiles as protobuf, each sample with its time; a load's spans as JSON.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { type StackProfile, writeOtlp } from '../profile/index.ts';
import type { Parcel } from './contract.ts';
import { bytesOfHex, fingerprint } from './ids.ts';
import { OTLP_MAX_BYTES, OTLP_MAX_SAMPLES } from './otlp.ts';
import { nameThreadLabels } from './pack-series.ts';
import type { Packing } from './packing.ts';
import { drawPageLoad, type OtlpSpan, traceBody } from './page-load-trace.ts';
import { splitToFit } from './split.ts';
import { gzip } from './wire/gzip.ts';

export async function packOtlpProfiles(packing: Packing): Promise<Result<Parcel[]>> {
  const { cargo, destination, ids, labels } = packing;
  const { service_name: service, ...rest } = labels;
  const stamped = cargo.profiles
    .filter(({ samples }) => samples.weight.some((weight) => weight > 0))
    .map(
      (profile): StackProfile => ({
        ...profile,
        startUnixMillis: cargo.unixMillisAtZero + profile.range.start / 1000,
        labels: { 'service.name': service, ...rest, trace_id: ids.traceId, span_id: ids.rootSpanId },
      }),
    );
  const idOf = await idsOfProfiles(cargo.seed, stamped);
  const threads = nameThreadLabels(stamped);
  const parcels: Parcel[] = [];
  for (const [index, profile] of stamped.entries()) {
    const title = `${profile.type} of ${threads[index]}`;
    const split = splitToFit([profile], {
      encode: (profiles) => writeOtlp(profiles, { timestamps: true, profileIds: [idOf[index]] }),
      mayFit: (profiles) => profiles.every(({ samples }) => samples.length <= OTLP_MAX_SAMPLES),
      fits: (bytes) => bytes.length <= OTLP_MAX_BYTES,
    });
    if (!split.ok) return fail(makeFailure('backend-too-big', { subject: title }));
    for (const [part, { bytes, profiles }] of split.value.entries()) {
      parcels.push({
        id: await fingerprint(destination.id, 'otlp', bytes),
        content: { kind: 'otlp', body: await gzip(bytes) },
        proof: null,
        title: split.value.length === 1 ? title : `${title}, part ${part + 1} of ${split.value.length}`,
        plainBytes: bytes.length,
        time: profiles[0].startUnixMillis ?? 0,
        takenUntil: null,
      });
    }
  }
  return succeed(parcels);
}

/** 16 bytes each, the same on every try. Parts of one profile share it: they are one profile. */
async function idsOfProfiles(seed: string, profiles: readonly StackProfile[]): Promise<Uint8Array[]> {
  return Promise.all(
    profiles.map(async ({ thread, type, range }) =>
      bytesOfHex(await fingerprint(seed, type, `${thread.pid}:${thread.tid}`, `${range.start}-${range.end}`)),
    ),
  );
}

/** Spans in one request; a page has rarely as many. */
const SPANS_MAX = 2_000;

export async function packTrace(packing: Packing): Promise<Result<Parcel[]>> {
  const { cargo, destination, ids, labels, redact } = packing;
  const spans = drawPageLoad(cargo, ids, redact, !destination.redaction.titles);
  const parts: OtlpSpan[][] = [];
  for (let at = 0; at < spans.length; at += SPANS_MAX) parts.push(spans.slice(at, at + SPANS_MAX));
  const parcels = parts.map(async (part, index): Promise<Parcel> => {
    const body = traceBody(part, labels);
    return {
      id: await fingerprint(destination.id, 'otlp-traces', body),
      content: { kind: 'otlp-traces', body: await gzip(body) },
      proof:
        destination.queryUrl === null
          ? null
          : { kind: 'trace', traceId: ids.traceId, spanId: part[0].spanId },
      title:
        parts.length === 1 ? 'trace of the load' : `trace of the load, part ${index + 1} of ${parts.length}`,
      plainBytes: body.length,
      time: Number(BigInt(part[0].startTimeUnixNano) / 1_000_000n),
      takenUntil: null,
    };
  });
  return succeed(await Promise.all(parcels));
}
