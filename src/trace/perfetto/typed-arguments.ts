/**
 * Arguments that Chrome writes as messages of their own instead of debug annotations: Chromium's extensions of TrackEvent
 * (base/tracing/protos/chrome_track_event.proto), as its JSON shows them under `args`.
 * In: the field's tag and its bytes. Out: its name and value: numbers, texts, names of enum values, nested messages.
 * Refuses: most that tell of the browser's own objects (hosts of processes, site instances, navigations) and are written
 * by its process alone: a page's developer cannot act on them. Fields that a table does not name.
 */
import type { Wire } from './wire.ts';

const TWO_32 = 0x1_0000_0000;
const DEEPEST = 4;

/** By field number: its name, and what it is; a count has no sign. A list of texts names an enum's values from 0 on. */
type Fields = Readonly<Record<number, readonly [name: string, type: FieldType]>>;
type FieldType =
  | 'count'
  | 'number'
  | 'flag'
  | 'text'
  | 'texts'
  | readonly string[]
  | { readonly fields: Fields };

const BEGIN_FRAME_ID: Fields = { 1: ['source_id', 'count'], 2: ['sequence_number', 'count'] };

const MAIN_FRAME_BREAKDOWN: Fields = {
  1: ['handle_input_events_us', 'count'],
  2: ['animate_us', 'count'],
  3: ['style_update_us', 'count'],
  4: ['layout_update_us', 'count'],
  5: ['prepaint_us', 'count'],
  6: ['compositing_inputs_us', 'count'],
  7: ['compositing_assignments_us', 'count'],
  8: ['paint_us', 'count'],
  9: ['composite_commit_us', 'count'],
  10: ['update_layers_us', 'count'],
  11: ['begin_main_sent_to_started_us', 'count'],
  12: ['accessibility_update_us', 'count'],
};

const ANIMATION_FRAME: Fields = {
  1: ['blocking_duration_ms', 'number'],
  2: ['duration_ms', 'number'],
  3: ['num_scripts', 'number'],
  4: ['begin_frame_id', { fields: BEGIN_FRAME_ID }],
};

const ANIMATION_FRAME_SCRIPT: Fields = {
  1: ['style_duration_ms', 'number'],
  2: ['layout_duration_ms', 'number'],
  3: ['pause_duration_ms', 'number'],
  4: ['class_like_name', 'text'],
  5: ['property_like_name', 'text'],
  6: ['source_location_url', 'text'],
  7: ['source_location_function_name', 'text'],
  8: ['source_location_char_position', 'number'],
  9: [
    'invoker_type',
    [
      'UNDEFINED',
      'CLASSIC_SCRIPT',
      'MODULE_SCRIPT',
      'USER_CALLBACK',
      'EVENT_HANDLER',
      'PROMISE_RESOLVE',
      'PROMISE_REJECT',
    ],
  ],
  10: [
    'third_party_technology',
    [
      'UNSPECIFIED',
      'NONE',
      'WORD_PRESS',
      'GOOGLE_ANALYTICS',
      'GOOGLE_FONT_API',
      'GOOGLE_TAG_MANAGER',
      'GOOGLE_MAPS',
      'META_PIXEL',
      'YOUTUBE',
      'ADOBE_ANALYTICS',
      'TIKTOK_PIXEL',
      'HOTJAR',
      'GOOGLE_ADSENSE',
      'GOOGLE_PUBLISHER_TAG',
      'GOOGLE_ADS_LIBRARIES',
      'FUNDING_CHOICES',
      'ELEMENTOR',
      'SLIDER_REVOLUTION',
    ],
  ],
};

const MAIN_FRAME_PIPELINE: Fields = {
  1: ['main_frame_id', 'count'],
  2: [
    'step',
    [
      'UNKNOWN',
      'SEND_BEGIN_MAIN_FRAME',
      'BEGIN_MAIN_FRAME',
      'ABORTED_ON_MAIN',
      'COMMIT_ON_MAIN',
      'READY_TO_COMMIT_ON_IMPL',
      'COMMIT_ON_IMPL',
      'COMMIT_COMPLETE',
      'READY_TO_ACTIVATE',
      'ACTIVATE',
      'DRAW',
      'UPDATE_DISPLAY_TREE',
    ],
  ],
  3: ['begin_frame_id', { fields: BEGIN_FRAME_ID }],
  4: [
    'aborted_on_main_reason',
    ['ABORTED_MAIN_REASON_UNKNOWN', 'NOT_VISIBLE', 'DEFERRED_UPDATE', 'DEFERRED_COMMIT_ABORTED', 'NO_UPDATE'],
  ],
  5: ['last_begin_frame_id_during_first_draw', { fields: BEGIN_FRAME_ID }],
};

const FRAME_REPORTER: Fields = {
  1: [
    'state',
    ['STATE_NO_UPDATE_DESIRED', 'STATE_PRESENTED_ALL', 'STATE_PRESENTED_PARTIAL', 'STATE_DROPPED'],
  ],
  2: [
    'reason',
    ['REASON_UNSPECIFIED', 'REASON_DISPLAY_COMPOSITOR', 'REASON_MAIN_THREAD', 'REASON_CLIENT_COMPOSITOR'],
  ],
  3: ['frame_source', 'count'],
  4: ['frame_sequence', 'count'],
  5: ['affects_smoothness', 'flag'],
  6: [
    'scroll_state',
    ['SCROLL_NONE', 'SCROLL_MAIN_THREAD', 'SCROLL_COMPOSITOR_THREAD', 'SCROLL_RASTER', 'SCROLL_UNKNOWN'],
  ],
  7: ['has_main_animation', 'flag'],
  8: ['has_compositor_animation', 'flag'],
  9: ['has_smooth_input_main', 'flag'],
  10: ['has_missing_content', 'flag'],
  11: ['layer_tree_host_id', 'count'],
  12: ['has_high_latency', 'flag'],
  13: ['frame_type', ['FORKED', 'BACKFILL']],
  14: ['high_latency_contribution_stage', 'texts'],
  15: ['checkerboarded_needs_raster', 'flag'],
  16: ['checkerboarded_needs_record', 'flag'],
  17: ['surface_frame_trace_id', 'number'],
  18: ['display_trace_id', 'number'],
};

/** What DevTools' engine asks of same-document navigations, and what tells a page's frame from a prerendered one. */
const RENDER_FRAME_HOST: Fields = {
  3: [
    'lifecycle_state',
    [
      'UNSPECIFIED',
      'SPECULATIVE',
      'PENDING_COMMIT',
      'PRERENDERING',
      'ACTIVE',
      'IN_BACK_FORWARD_CACHE',
      'RUNNING_UNLOAD_HANDLERS',
      'READY_TO_BE_DELETED',
    ],
  ],
  4: ['origin', 'text'],
  5: ['url', 'text'],
  6: ['frame_tree_node_id', 'count'],
  12: [
    'frame_type',
    ['UNSPECIFIED_FRAME_TYPE', 'SUBFRAME', 'PRIMARY_MAIN_FRAME', 'PRERENDER_MAIN_FRAME', 'FENCED_FRAME_ROOT'],
  ],
};

/** TrackEvent's fields. */
const EVENT_FIELDS: Fields = {
  1026: ['send_begin_mainframe_to_commit_breakdown', { fields: MAIN_FRAME_BREAKDOWN }],
  1028: ['render_frame_host', { fields: RENDER_FRAME_HOST }],
  1056: ['page_load', { fields: { 1: ['navigation_id', 'number'], 2: ['url', 'text'] } }],
  1064: ['animation_frame_timing_info', { fields: ANIMATION_FRAME }],
  1065: ['animation_frame_script_timing_info', { fields: ANIMATION_FRAME_SCRIPT }],
  1067: ['main_frame_pipeline', { fields: MAIN_FRAME_PIPELINE }],
  1074: ['begin_frame_id', { fields: BEGIN_FRAME_ID }],
  1075: ['frame_reporter', { fields: FRAME_REPORTER }],
  1077: ['response_info', { fields: { 1: ['response_code', 'number'], 2: ['was_http_cache', 'flag'] } }],
};

/** Reads the field of a TrackEvent whose tag was just read into `args`, or skips it. */
export function readTypedArgument(wire: Wire, tag: number, end: number, args: Record<string, unknown>): void {
  readField(wire, tag, end, { fields: EVENT_FIELDS, target: args, depth: 0 });
}

interface Place {
  readonly fields: Fields;
  readonly target: Record<string, unknown>;
  readonly depth: number;
}

function readField(wire: Wire, tag: number, end: number, { fields, target, depth }: Place): void {
  const number = Math.floor(tag / 8);
  const field = Object.hasOwn(fields, number) ? fields[number] : undefined;
  // A wire type other than the table's is of a Chrome that changed the field.
  if (field === undefined || tag % 8 !== (isNumber(field[1]) ? 0 : 2) || depth > DEEPEST) {
    wire.skip(tag, end);
    return;
  }
  const [name, type] = field;
  if (isNumber(type)) target[name] = readNumber(wire, type);
  else if (typeof type === 'object') {
    const inner: Record<string, unknown> = {};
    const innerEnd = wire.fieldEnd(end);
    while (wire.at < innerEnd)
      readField(wire, wire.varint(), innerEnd, { fields: type.fields, target: inner, depth: depth + 1 });
    wire.close(innerEnd);
    target[name] = inner;
  } else if (type === 'text') target[name] = wire.textTo(wire.fieldEnd(end));
  else {
    const list = target[name];
    const text = wire.textTo(wire.fieldEnd(end));
    target[name] = Array.isArray(list) ? [...list, text] : [text];
  }
}

type NumberType = 'count' | 'number' | 'flag' | readonly string[];

function isNumber(type: FieldType): type is NumberType {
  return Array.isArray(type) || type === 'count' || type === 'number' || type === 'flag';
}

function readNumber(wire: Wire, type: NumberType): number | string | boolean {
  wire.varint64();
  if (type === 'flag') return (wire.low | wire.high) !== 0;
  if (type === 'count') return wire.high * TWO_32 + wire.low;
  const value = (wire.high | 0) * TWO_32 + wire.low;
  return type === 'number' ? value : (type[value] ?? value);
}
