/**
 * What servers did for a request: the spans under the one that its response named.
 * In: all spans of the trace, the span that the response named, when the request ran (Unix ms). Out: those spans as a tree
 * in order, moved as one where the server's clock says that they lie outside the request, and by how much.
 * Spans that Pageflame itself sent are none of a server's. Parents that lead in a circle, or to themselves, end the tree.
 */
import type { TraceContext } from '../base/index.ts';
import type { BackendSpan } from './otlp.ts';

export interface ServerSpan {
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  /** Unix ms on the clock of the browser. */
  readonly start: number;
  readonly end: number;
  /** 0 for the span that answered the request. */
  readonly depth: number;
}

export interface ServerSpans {
  readonly spans: readonly ServerSpan[];
  /** ms that were added to the server's clock; 0 where it fits. */
  readonly shift: number;
}

/** What `page-load-trace.ts` calls itself. */
export const OWN_SCOPE = 'pageflame';

export function arrangeServerSpans(
  all: readonly BackendSpan[],
  { spanId }: TraceContext,
  request: { readonly start: number; readonly end: number },
): ServerSpans {
  const theirs = all.filter(({ scope }) => scope !== OWN_SCOPE);
  const ids = new Set(theirs.map((span) => span.spanId));
  const children = new Map<string, BackendSpan[]>();
  for (const span of theirs) {
    const parent = ids.has(span.parentSpanId) ? span.parentSpanId : '';
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  // A backend may have dropped the span that was named, and kept others of its trace.
  const named = theirs.filter((span) => span.spanId === spanId);
  const roots = named.length > 0 ? named : (children.get('') ?? []);
  const spans = walk(roots, children);
  const shift = shiftInto(spans, request);
  return {
    spans: spans.map((span) => ({ ...span, start: span.start + shift, end: span.end + shift })),
    shift,
  };
}

function walk(
  roots: readonly BackendSpan[],
  children: ReadonlyMap<string, readonly BackendSpan[]>,
): ServerSpan[] {
  const seen = new Set<string>();
  const found: ServerSpan[] = [];
  const waiting = byStart(roots)
    .map((span) => ({ span, depth: 0 }))
    .reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { span, depth } = next;
    if (seen.has(span.spanId)) continue;
    seen.add(span.spanId);
    const { spanId, name, service, start } = span;
    found.push({ spanId, name, service, start, end: Math.max(start, span.end), depth });
    const below = byStart(children.get(spanId) ?? []).reverse();
    waiting.push(...below.map((child) => ({ span: child, depth: depth + 1 })));
  }
  return found;
}

const byStart = (spans: readonly BackendSpan[]): BackendSpan[] =>
  [...spans].sort((a, b) => a.start - b.start);

/** ms by which clocks may differ before it is worth a word: that of a trace is exact to about one. */
const CLOCKS_AGREE = 1;

/** A server cannot have begun before it was asked: its first span is laid into the middle of the request. */
function shiftInto(spans: readonly ServerSpan[], request: { start: number; end: number }): number {
  const [root] = spans;
  if (root === undefined) return 0;
  if (root.start >= request.start - CLOCKS_AGREE && root.end <= request.end + CLOCKS_AGREE) return 0;
  return (request.start + request.end) / 2 - (root.start + root.end) / 2;
}
