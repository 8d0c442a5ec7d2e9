/**
 * The source of what is selected in the chart: of a JavaScript call its own, of browser work that of the function that
 * caused it. In: an open trace. Out: the place that the source view shows next; false where nobody names one.
 */
import type { SourcePlace } from '../../../flame/index.ts';
import type { TraceView } from '../trace-view.ts';

export function sourceOfSelected(view: TraceView): SourcePlace | null {
  const said = view.sliceArguments.peek();
  const caller =
    said.kind === 'read' ? said.said.stack.frames.find(({ source }) => source !== null) : undefined;
  const source = view.details.peek()?.source ?? caller?.source ?? null;
  return source === null || source.url === '' ? null : source;
}

export function openSourceOfSelected(view: TraceView): boolean {
  const source = sourceOfSelected(view);
  if (source !== null) view.source.value = { ...source };
  return source !== null;
}
