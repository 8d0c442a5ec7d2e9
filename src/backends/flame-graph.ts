/**
 * Pyroscope's flame graphs → stack profiles.
 * In: names, levels and a profile type. Out: a {@link StackProfile}. Function names only: the encoding has no files and no
 * lines. Bars are groups of 4, offsets differences per level (reference/protocols.md §2.1). A bar's parent is the bar above
 * that holds it. The root, `total`, is no frame.
 */
import { ProfileBuilder, type StackProfile, type WeightUnit } from '../profile/index.ts';

export interface FlameGraphData {
  readonly names: readonly string[];
  readonly levels: readonly { readonly values: readonly number[] }[];
}

interface Bar {
  readonly x: number;
  readonly total: number;
  readonly self: number;
  readonly stack: number;
}

interface Unit {
  readonly unit: WeightUnit;
  /** Weights are counted in it: 1000 for nanoseconds, which become microseconds. */
  readonly divisor: number;
}

/** `process_cpu:cpu:nanoseconds:cpu:nanoseconds` → its sample type, and how its weights are counted. */
export function readProfileType(typeId: string): Unit & { readonly type: string } {
  const [, type = typeId, unit = ''] = typeId.split(':');
  const divisors: Readonly<Record<string, number>> = {
    nanoseconds: 1000,
    microseconds: 1,
    milliseconds: 1e-3,
    seconds: 1e-6,
  };
  const divisor = Object.hasOwn(divisors, unit) ? divisors[unit] : undefined;
  if (divisor !== undefined) return { type, unit: 'microseconds', divisor };
  return { type, unit: unit === 'bytes' || unit === 'count' ? unit : 'none', divisor: 1 };
}

export function profileOfFlameGraph(graph: FlameGraphData, typeId: string): StackProfile {
  const { type, unit, divisor } = readProfileType(typeId);
  const builder = new ProfileBuilder();
  let above: Bar[] = [];
  graph.levels.forEach(({ values }, depth) => {
    above = readLevel(values).map(({ name, ...bar }): Bar => {
      const parent = above.find((each) => each.x <= bar.x && bar.x + bar.total <= each.x + each.total);
      const frame = { name: graph.names[name] ?? '', kind: 'other' } as const;
      const stack = depth === 0 ? -1 : builder.stack(parent?.stack ?? -1, builder.frame(frame));
      if (bar.self > 0 && stack >= 0) builder.samples.add({ stack, weight: bar.self / divisor });
      return { ...bar, stack };
    });
  });
  return builder.settle({
    thread: { name: '', pid: 0, tid: 0, role: 'other' },
    type,
    unit,
    range: { start: 0, end: 0 },
    startUnixMillis: null,
    labels: {},
  });
}

function readLevel(values: readonly number[]): (Omit<Bar, 'stack'> & { readonly name: number })[] {
  const level = [];
  for (let at = 0, end = 0; at + 4 <= values.length; at += 4) {
    const [offset, total, self, name] = values.slice(at, at + 4);
    const x = end + offset;
    end = x + total;
    level.push({ x, total, self, name });
  }
  return level;
}
