/**
 * Pyroscope's flame graphs → stack profiles.
 * In: names, levels and a profile type. Out: one {@link StackProfile} per side: one, or two of a diff. Function names
 * only: the encoding has no files and no lines.
 * Offsets are differences per level, single bars groups of 4, diff bars groups of 7 (reference/protocols.md §2.1). A
 * bar's parent is the bar above that holds it. The root, `total`, is no frame.
 */
import { NO_CATEGORY, ProfileBuilder, type StackProfile, type WeightUnit } from '../profile/index.ts';

export interface FlameGraphData {
  readonly names: readonly string[];
  readonly levels: readonly { readonly values: readonly number[] }[];
}

interface Bar {
  readonly x: readonly [number, number];
  readonly total: readonly [number, number];
  readonly self: readonly [number, number];
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

export function profilesOfFlameGraph(graph: FlameGraphData, typeId: string, sides: 1 | 2): StackProfile[] {
  const { type, unit, divisor } = readProfileType(typeId);
  const builder = new ProfileBuilder();
  const bars: Bar[] = [];
  let above: Bar[] = [];
  graph.levels.forEach(({ values }, depth) => {
    const level = readLevel(values, sides).map(({ x, total, self, name }): Bar => {
      const parent = above.find((bar) => holds(bar, x, total));
      const frame = { name: graph.names[name] ?? '', kind: 'other' } as const;
      const stack = depth === 0 ? -1 : builder.stack(parent?.stack ?? -1, builder.frame(frame));
      return { x, total, self, stack };
    });
    bars.push(...level);
    above = level;
  });
  const whole = builder.settle({
    thread: { name: '', pid: 0, tid: 0, role: 'other' },
    type,
    unit,
    range: { start: 0, end: 0 },
    startUnixMillis: null,
    labels: {},
  });
  return Array.from({ length: sides }, (_, side) => weigh(whole, bars, side, divisor));
}

function readLevel(
  values: readonly number[],
  sides: 1 | 2,
): { x: [number, number]; total: [number, number]; self: [number, number]; name: number }[] {
  const stride = sides * 3 + 1;
  const ends: [number, number] = [0, 0];
  const level = [];
  for (let at = 0; at + stride <= values.length; at += stride) {
    const x: [number, number] = [0, 0];
    const total: [number, number] = [0, 0];
    const self: [number, number] = [0, 0];
    for (let side = 0; side < sides; side++) {
      const base = at + side * 3;
      x[side] = ends[side] + values[base];
      total[side] = values[base + 1];
      self[side] = values[base + 2];
      ends[side] = x[side] + total[side];
    }
    level.push({ x, total, self, name: values[at + stride - 1] });
  }
  return level;
}

/** By the side on which the bar has any width. */
function holds(bar: Bar, x: readonly [number, number], total: readonly [number, number]): boolean {
  const side = total[0] > 0 ? 0 : 1;
  return x[side] >= bar.x[side] && x[side] + total[side] <= bar.x[side] + bar.total[side];
}

function weigh(whole: StackProfile, bars: readonly Bar[], side: number, divisor: number): StackProfile {
  const weighed = bars.filter(({ self, stack }) => self[side] > 0 && stack >= 0);
  const { length } = weighed;
  return {
    ...whole,
    samples: {
      length,
      stack: Int32Array.from(weighed, ({ stack }) => stack),
      weight: Float64Array.from(weighed, ({ self }) => self[side] / divisor),
      category: new Uint8Array(length).fill(NO_CATEGORY),
      time: new Float64Array(length).fill(Number.NaN),
      line: new Int32Array(length),
    },
  };
}
