/**
 * Rewrites texts of a Perfetto trace and leaves every other byte as it is: numbers, order, fields that we do not know.
 * In: plain bytes in pieces of any size, a function from a text (with what kind it is) to what is to stand there. Out: bytes.
 * What a text is, is told by the name that its annotation has, as by the key in JSON (json-strings.ts). Chrome writes a text
 * once and names it by number afterwards: one that stands for a header here and for an address there is blanked where it was
 * written for the header, and written out where it is anything else.
 * Memory: one packet. A packet that never ends is left out. Refuses: nothing; what is no packet ends the trace there.
 * Field numbers: protos/perfetto/trace of google/perfetto.
 */
import { WireWriter } from '../../base/index.ts';
import { PacketStream } from '../../trace/index.ts';
import { kindOfText, type RewriteText, rewriteJsonText, type TextKind } from './json-strings.ts';
import { WireReader } from './wire.ts';

export async function* rewritePacketStrings(
  blocks: AsyncIterable<Uint8Array>,
  rewrite: RewriteText,
): AsyncGenerator<Uint8Array> {
  const rewriter = new PacketRewriter(rewrite);
  let parts = new WireWriter();
  const stream = new PacketStream((bytes, start, end) => {
    const packet = bytes.subarray(start, end);
    parts.bytes(PACKET, rewriter.rewrite(packet) ?? packet);
  });
  for await (const block of blocks) {
    parts = new WireWriter(block.length + 1024);
    stream.push(block);
    yield parts.take();
    if (stream.broken) return;
  }
}

/** Of Trace. */
const PACKET = 1;
/** Of TracePacket. */
const SEQUENCE_ID = 10;
const TRACK_EVENT = 11;
const INTERNED_DATA = 12;
const SEQUENCE_FLAGS = 13;
const TRACK_DESCRIPTOR = 60;
const STATE_CLEARED = 1;
/** Of TrackEvent. */
const DEBUG_ANNOTATIONS = 4;
/** Of TrackDescriptor, and of its ProcessDescriptor. */
const PROCESS = 3;
const PROCESS_LABELS = 8;
/** Of InternedData. */
const ANNOTATION_NAMES = 3;
const STRING_VALUES = 29;
/** Of DebugAnnotation. */
const NAME_IID = 1;
const NAME = 10;
const STRING_VALUE = 6;
const NESTED_VALUE = 8;
const LEGACY_JSON = 9;
const DICT_ENTRIES = 11;
const ARRAY_VALUES = 12;
const STRING_VALUE_IID = 17;
/** Of DebugAnnotation.NestedValue. */
const NESTED_KEYS = 2;
const NESTED_DICT_VALUES = 3;
const NESTED_ARRAY_VALUES = 4;
const NESTED_STRING = 8;
/** What is nested deeper is left out. */
const DEEPEST = 64;

/** What a sequence of packets has said so far. */
interface Sequence {
  readonly names: Map<number, string>;
  /** Interned texts: as they were, and what stands in their place. */
  readonly texts: Map<number, { readonly text: string; readonly kept: string }>;
}

/** Where a value stands: the key that it is under, and the key that what holds it is under. */
interface Place {
  readonly key: string;
  readonly around: string;
  readonly depth: number;
}

class PacketRewriter {
  readonly #rewrite: RewriteText;
  readonly #sequences = new Map<number, Sequence>();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Refuses what is no text. */
  readonly #strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
  #at: Sequence = { names: new Map(), texts: new Map() };

  constructor(rewrite: RewriteText) {
    this.#rewrite = rewrite;
  }

  /** null where it stays as it is. */
  rewrite(packet: Uint8Array): Uint8Array | null {
    const { sequence, flags, events, interned } = this.#look(packet);
    const known = this.#sequences.get(sequence);
    if (known === undefined || (flags & STATE_CLEARED) !== 0)
      this.#sequences.set(sequence, { names: new Map(), texts: new Map() });
    this.#at = this.#sequences.get(sequence) ?? this.#at;
    for (const data of interned) this.#learn(data, events);
    return rewriteFields(packet, (field, reader) => {
      if (field === TRACK_EVENT) return this.#event(reader.bytes());
      if (field === INTERNED_DATA) return this.#internedData(reader.bytes());
      if (field === TRACK_DESCRIPTOR) return this.#descriptor(reader.bytes());
      return this.#unknown(reader.bytes(), 0);
    });
  }

  #look(packet: Uint8Array) {
    let sequence = 0;
    let flags = 0;
    const events: Uint8Array[] = [];
    const interned: Uint8Array[] = [];
    for (const reader = new WireReader(packet); reader.next(); ) {
      if (reader.field === SEQUENCE_ID) sequence = reader.index();
      else if (reader.field === SEQUENCE_FLAGS) flags = reader.index();
      else if (reader.field === TRACK_EVENT) events.push(reader.bytes());
      else if (reader.field === INTERNED_DATA) interned.push(reader.bytes());
    }
    return { sequence, flags, events, interned };
  }

  /** Takes in the names and texts that the packet brings. A text is what the packet uses it for. */
  #learn(data: Uint8Array, events: readonly Uint8Array[]): void {
    const { names, texts } = this.#at;
    const fresh = new Map<number, string>();
    for (const reader = new WireReader(data); reader.next(); ) {
      if (reader.field !== ANNOTATION_NAMES && reader.field !== STRING_VALUES) continue;
      const { iid, text } = this.#entry(reader.message());
      (reader.field === ANNOTATION_NAMES ? names : fresh).set(iid, text);
    }
    const secrets = new Map<number, TextKind>();
    if (fresh.size > 0) for (const event of events) this.#findSecrets(event, secrets);
    for (const [iid, text] of fresh)
      texts.set(iid, { text, kept: this.#rewrite(text, secrets.get(iid) ?? 'text') });
  }

  #entry(reader: WireReader): { iid: number; text: string } {
    let iid = 0;
    let text = '';
    while (reader.next()) {
      if (reader.field === 1) iid = reader.index();
      else if (reader.field === 2) text = reader.text(this.#decoder);
    }
    return { iid, text };
  }

  #findSecrets(event: Uint8Array, secrets: Map<number, TextKind>): void {
    const visit = (annotation: Uint8Array, place: Place): void => {
      const at = this.#placeOf(annotation, place);
      for (const reader = new WireReader(annotation); reader.next(); ) {
        const kind = reader.field === STRING_VALUE_IID ? kindOfText(at.key, at.around) : 'text';
        if (kind !== 'text') secrets.set(reader.index(), kind);
        if (at.depth >= DEEPEST) continue;
        if (reader.field === DICT_ENTRIES) visit(reader.bytes(), insideDict(at));
        else if (reader.field === ARRAY_VALUES) visit(reader.bytes(), insideList(at));
      }
    };
    for (const reader = new WireReader(event); reader.next(); )
      if (reader.field === DEBUG_ANNOTATIONS) visit(reader.bytes(), TOP);
  }

  #event(event: Uint8Array): Uint8Array | null {
    return rewriteFields(event, (field, reader) =>
      field === DEBUG_ANNOTATIONS ? this.#annotation(reader.bytes(), TOP) : this.#unknown(reader.bytes(), 0),
    );
  }

  /** `place` as what the annotation itself is called makes it. */
  #placeOf(annotation: Uint8Array, place: Place): Place {
    for (const reader = new WireReader(annotation); reader.next(); ) {
      if (reader.field === NAME) return { ...place, key: reader.text(this.#decoder) };
      if (reader.field === NAME_IID) return { ...place, key: this.#at.names.get(reader.index()) ?? '' };
    }
    return place;
  }

  #annotation(annotation: Uint8Array, outer: Place): Uint8Array | null {
    const place = this.#placeOf(annotation, outer);
    return rewriteFields(annotation, (field, reader) => {
      switch (field) {
        case STRING_VALUE:
          return this.#text(reader.bytes(), place);
        case STRING_VALUE_IID:
          return this.#internedValue(reader.index(), place);
        case LEGACY_JSON:
          return this.#json(reader.bytes(), place);
        case NESTED_VALUE:
          return this.#nested(reader.bytes(), place);
        case DICT_ENTRIES:
          return place.depth < DEEPEST ? this.#annotation(reader.bytes(), insideDict(place)) : NOTHING;
        case ARRAY_VALUES:
          return place.depth < DEEPEST ? this.#annotation(reader.bytes(), insideList(place)) : NOTHING;
        default:
          return null;
      }
    });
  }

  #json(json: Uint8Array, place: Place): Uint8Array | null {
    const rewritten = rewriteJsonText(json, place, this.#rewrite);
    return rewritten === json ? null : rewritten;
  }

  /** By its number where what stands under that is what may stand here, else written out. */
  #internedValue(iid: number, { key, around }: Place): Replacement {
    const known = this.#at.texts.get(iid);
    if (known === undefined) return null;
    const text = this.#rewrite(known.text, kindOfText(key, around));
    return text === known.kept ? null : { field: STRING_VALUE, text };
  }

  #nested(value: Uint8Array, place: Place): Uint8Array | null {
    const keys: string[] = [];
    for (const reader = new WireReader(value); reader.next(); )
      if (reader.field === NESTED_KEYS) keys.push(reader.text(this.#decoder));
    let entry = 0;
    const isDeepest = place.depth >= DEEPEST;
    return rewriteFields(value, (field, reader) => {
      if (field === NESTED_STRING) return this.#text(reader.bytes(), place);
      if (field !== NESTED_DICT_VALUES && field !== NESTED_ARRAY_VALUES) return null;
      if (isDeepest) return NOTHING;
      const inside = field === NESTED_DICT_VALUES ? { ...insideDict(place), key: keys[entry++] ?? '' } : null;
      return this.#nested(reader.bytes(), inside ?? insideList(place));
    });
  }

  #text(bytes: Uint8Array, { key, around }: Place): string | null {
    const kind = kindOfText(key, around);
    if (kind === 'text' && !mayHoldAddress(bytes)) return null;
    const text = this.#decoder.decode(bytes);
    const rewritten = this.#rewrite(text, kind);
    return rewritten === text ? null : rewritten;
  }

  /** Whatever it interns (categories, names, source locations); texts of annotations by what they were learnt as. */
  #internedData(data: Uint8Array): Uint8Array | null {
    return rewriteFields(data, (field, reader) => {
      const entry = reader.bytes();
      if (field !== STRING_VALUES) return this.#unknown(entry, 0);
      const known = this.#at.texts.get(this.#entry(new WireReader(entry)).iid);
      return rewriteFields(entry, (inner) =>
        inner !== 2 || known === undefined || known.kept === known.text ? null : known.kept,
      );
    });
  }

  /** Of a process the labels are its tabs' titles. */
  #descriptor(descriptor: Uint8Array): Uint8Array | null {
    return rewriteFields(descriptor, (field, reader) => {
      if (field !== PROCESS) return this.#unknown(reader.bytes(), 0);
      return rewriteFields(reader.bytes(), (inner, value) =>
        inner === PROCESS_LABELS ? this.#text(value.bytes(), LABELS) : this.#unknown(value.bytes(), 0),
      );
    });
  }

  /** A field of which nothing is known: where an address is in it, it is a text or a message that holds one. */
  #unknown(bytes: Uint8Array, depth: number): Replacement {
    if (!holdsAddress(bytes)) return null;
    if (isMessage(bytes) && depth < DEEPEST)
      return rewriteFields(bytes, (_field, value) => this.#unknown(value.bytes(), depth + 1));
    try {
      const text = this.#strict.decode(bytes);
      const rewritten = this.#rewrite(text, 'text');
      return rewritten === text ? null : rewritten;
    } catch {
      // Neither: what it is, is not known, so nothing of it leaves.
      return NOTHING;
    }
  }
}

const TOP: Place = { key: '', around: '', depth: 0 };
const LABELS: Place = { ...TOP, key: 'labels' };
const insideDict = ({ key, depth }: Place): Place => ({ key: '', around: key, depth: depth + 1 });
/** Items stand under the list's own key. */
const insideList = ({ key, depth }: Place): Place => ({ key, around: key, depth: depth + 1 });

/** What stands in a field's place, in another field at times; null: itself. */
type Replacement = string | Uint8Array | { readonly field: number; readonly text: string } | null;
const NOTHING = new Uint8Array(0);

/** Every field of a message in its order, replaced or as it is; null where none is replaced. A broken end is left out. */
function rewriteFields(
  message: Uint8Array,
  replace: (field: number, reader: WireReader) => Replacement,
): Uint8Array | null {
  let out: WireWriter | null = null;
  let length = 0;
  const reader = new WireReader(message);
  while (reader.next()) {
    const replacement = replace(reader.field, reader);
    const raw = reader.raw();
    if (replacement === null) out?.raw(raw);
    else {
      if (out === null) {
        out = new WireWriter(message.length + 64);
        out.raw(message.subarray(0, length));
      }
      if (typeof replacement === 'string') out.text(reader.field, replacement);
      else if (replacement instanceof Uint8Array) out.bytes(reader.field, replacement);
      else out.text(replacement.field, replacement.text);
    }
    length += raw.length;
  }
  if (out !== null) return out.take();
  return length === message.length ? null : message.subarray(0, length);
}

const COLON = 0x3a;
const SLASH = 0x2f;

/** A scheme, or a path. */
const mayHoldAddress = (bytes: Uint8Array): boolean => bytes.includes(COLON) || bytes[0] === SLASH;

/** `://` somewhere. */
function holdsAddress(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(COLON); at >= 0; at = bytes.indexOf(COLON, at + 1))
    if (bytes[at + 1] === SLASH && bytes[at + 2] === SLASH) return true;
  return false;
}

function isMessage(bytes: Uint8Array): boolean {
  const reader = new WireReader(bytes);
  while (reader.next());
  return !reader.isBroken;
}
