/**
 * Which of the formats that are one protobuf message a file is: pprof, an OTLP request, a Perfetto trace.
 * In: a file's first bytes, inflated; all of it or a part. Out: the format, by the fields that stand there; null where it
 * is none. Nobody's writer is bound to an order of fields: Go's runtime begins a pprof with its time.
 */
import { WireReader } from './wire.ts';

export type MessageKind = 'pprof' | 'otlp' | 'perfetto';

const VARINT = 0;
const BYTES = 2;
/** Fields of perftools.profiles.Profile that are messages, texts or packed lists; all others up to 15 are numbers. */
const PPROF_BYTES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 11]);
/** One of the numbers, or a packed list of them. */
const PPROF_COMMENT = 13;
const PPROF_LAST = 15;
/** So many fields tell enough of a file. */
const FIELDS_READ = 200;

export function kindOfMessage(bytes: Uint8Array): MessageKind | null {
  const fields = readFields(new WireReader(bytes), FIELDS_READ);
  if (fields.length === 0) return null;
  // Perfetto's packets and OTLP's two fields are fields of a pprof, too: then what is in them decides.
  if (fields.some(({ field, type }) => field > 2 || type !== BYTES))
    return fields.every(isOfPprof) ? 'pprof' : null;
  // The first that holds anything tells.
  let inner: readonly Field[] = [];
  for (const { field, message } of fields)
    if (field === 1 && inner.length === 0) inner = readFields(message, FIELDS_READ);
  if (inner.length === 0) return null;
  if (inner.every(({ field, type }) => field <= 2 && type === VARINT)) return 'pprof';
  return inner.every(({ field, type }) => field <= 3 && type === BYTES) ? 'otlp' : 'perfetto';
}

interface Field {
  readonly field: number;
  readonly type: number;
  readonly message: WireReader;
}

/** A message that the end of the bytes cuts off is the last. */
function readFields(reader: WireReader, count: number): Field[] {
  const fields: Field[] = [];
  while (fields.length < count) {
    const isWhole = reader.next();
    if (!isWhole && !(reader.isBroken && reader.field > 0 && reader.type === BYTES)) break;
    fields.push({ field: reader.field, type: reader.type, message: reader.message() });
    if (!isWhole) break;
  }
  return fields;
}

function isOfPprof({ field, type }: Field): boolean {
  if (field > PPROF_LAST) return false;
  if (PPROF_BYTES.has(field)) return type === BYTES;
  return type === VARINT || (field === PPROF_COMMENT && type === BYTES);
}
