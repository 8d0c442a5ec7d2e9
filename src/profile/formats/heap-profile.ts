/**
 * V8's .heapprofile (DevTools' allocation sampling, `node --heap-prof`), read only.
 *
 *   {"head": {"id": 1, "callFrame": {"functionName": "(root)"}, "selfSize": 0, "children": [{…, "selfSize": 16400}]},
 *    "samples": [{"size": 16400, "nodeId": 2, "ordinal": 7}]}
 *
 * In: a parsed file. Out: one profile of the bytes that live where each stack allocated them; null where it is none.
 * Lost: sizes of single objects, and their order.
 */
import { ProfileBuilder } from '../profile-builder.ts';
import { asList, asNumber, asObject, asPlace, asText, isObject, type JsonObject } from './json-values.ts';
import { namedThread, noDiagnostics, type ReadProfiles } from './read-profiles.ts';

/** null where the value is no .heapprofile: an old .cpuprofile has a `head`, too, but none that weighs. */
export function readHeapProfile(value: unknown, name = ''): ReadProfiles | null {
  if (!isObject(value) || !isObject(value.head) || Number.isNaN(asNumber(value.head.selfSize))) return null;
  const diagnostics = noDiagnostics();
  const builder = new ProfileBuilder();
  const waiting: { readonly node: JsonObject; readonly above: number }[] = [{ node: value.head, above: -1 }];
  let total = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, above } = next;
    const call = asObject(node.callFrame);
    const isRoot = above < 0 && asText(call.functionName) === '(root)';
    const stack = isRoot ? -1 : builder.stack(above, frameOf(builder, call));
    const weight = asNumber(node.selfSize);
    if (!(weight >= 0)) diagnostics.badWeights++;
    else if (weight > 0) {
      builder.samples.add({ stack, weight });
      total += weight;
    }
    for (const child of asList(node.children)) waiting.push({ node: asObject(child), above: stack });
  }
  const head = { type: 'inuse_space', unit: 'bytes', startUnixMillis: null, labels: {} } as const;
  const profile = builder.settle({ ...head, thread: namedThread(name), range: { start: 0, end: total } });
  return { format: 'heapprofile', profiles: [profile], diagnostics };
}

function frameOf(builder: ProfileBuilder, call: JsonObject): number {
  return builder.frame({
    name: asText(call.functionName) || '(anonymous)',
    url: asText(call.url),
    line: asPlace(asNumber(call.lineNumber) + 1),
    column: asPlace(asNumber(call.columnNumber) + 1),
    kind: 'js',
  });
}
