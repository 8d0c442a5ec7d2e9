/**
 * What a trace says of itself as a whole, in Chrome's form: `ChromeEventBundle {repeated ChromeMetadata metadata = 2}`, each
 * `{name = 1, string_value = 2 | bool_value = 3 | int_value = 4 | json_value = 5}`. Chrome wrote it before `ChromeMetadataPacket`.
 * In: the bundle's bytes, or the metadata of a JSON trace. Out: the one from the other. Values that are no JSON are left
 * out and counted.
 */
import type { WireWriter } from '../../base/index.ts';
import { hasNoHalves } from './argument-writer.ts';
import type { Wire } from './wire.ts';

type Metadata = Readonly<Record<string, unknown>>;

/** Takes a ChromeEventBundle up to `end`. Returns how many of its entries could not be read. */
export function readBundle(wire: Wire, end: number, into: Map<string, unknown>): number {
  let unread = 0;
  while (wire.at < end) {
    const tag = wire.varint();
    if (tag !== 0x12) wire.skip(tag, end);
    else if (!readEntry(wire, wire.fieldEnd(end), into)) unread++;
  }
  return unread;
}

function readEntry(wire: Wire, end: number, into: Map<string, unknown>): boolean {
  let name = '';
  let value: unknown;
  while (wire.at < end) {
    const tag = wire.varint();
    if (tag === 0x0a) name = wire.textTo(wire.fieldEnd(end));
    else if (tag === 0x12) value = wire.textTo(wire.fieldEnd(end));
    else if (tag === 0x18) value = wire.varint() !== 0;
    else if (tag === 0x20) value = wire.signedVarint();
    else if (tag === 0x2a) value = parse(wire.textTo(wire.fieldEnd(end)));
    else wire.skip(tag, end);
  }
  const isWhole = wire.at === end;
  wire.close(end);
  if (!isWhole || value === undefined) return false;
  into.set(name, value);
  return true;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Dirty data: the entry is counted.
    return undefined;
  }
}

/** Writes the bundle's fields. */
export function writeBundle(out: WireWriter, metadata: Metadata): void {
  for (const [name, value] of Object.entries(metadata)) {
    const entry = out.open(2);
    out.text(1, name);
    if (typeof value === 'string' && hasNoHalves(value)) out.text(2, value);
    else if (typeof value === 'boolean') out.choice(3, Number(value));
    else if (Number.isSafeInteger(value) && !Object.is(value, -0)) out.choice(4, Number(value));
    else out.text(5, JSON.stringify(value));
    out.close(entry);
  }
}
