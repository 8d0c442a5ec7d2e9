/**
 * What must hold for the tables of every trace, however dirty.
 * In: tables. Out: broken rules as sentences, few of each; [] where all hold.
 * Times are compared to a nanosecond: sums of doubles near 10^11 are not exact.
 */
import { classifySlices, computeBreakdown } from '../../src/analysis/index.ts';
import { SLICE_INSTANT, type TraceTables } from '../../src/trace/index.ts';

const EPSILON = 0.001;
const FEW = 5;

type Report = (problem: string) => void;

export function findBrokenRules(tables: TraceTables): string[] {
  const problems: string[] = [];
  const report = (problem: string): void => {
    if (problems.length < FEW) problems.push(problem);
  };
  checkColumns(tables, report);
  checkThreads(tables, report);
  checkSlices(tables, report);
  checkSelfTimes(tables, report);
  checkBreakdowns(tables, report);
  checkSamples(tables, report);
  return problems;
}

function checkColumns(tables: TraceTables, report: Report): void {
  for (const [tableName, table] of Object.entries(tables)) {
    if (typeof table !== 'object' || table === null || !('length' in table) || Array.isArray(table)) continue;
    for (const [name, column] of Object.entries(table)) {
      if (!ArrayBuffer.isView(column) || !('length' in column)) continue;
      if (column.length !== table.length)
        report(`${tableName}.${name} has ${column.length} rows of ${table.length}`);
      const numbers: ArrayLike<unknown> = column as never;
      for (let row = 0; row < table.length; row++) {
        if (!Number.isFinite(numbers[row])) report(`${tableName}.${name}[${row}] is ${numbers[row]}`);
      }
    }
  }
  const { start, end } = tables.bounds;
  if (!(Number.isFinite(start) && Number.isFinite(end) && start <= end))
    report(`bounds are ${start} to ${end}`);
  for (const [kind, count] of Object.entries(tables.diagnostics)) {
    if (!(Number.isInteger(count) && count >= 0)) report(`diagnostics.${kind} is ${count}`);
  }
  for (let mark = 1; mark < tables.marks.length; mark++) {
    if (tables.marks[mark].time < tables.marks[mark - 1].time)
      report(`mark ${mark} is before the one before`);
  }
}

function checkThreads({ threads, slices }: TraceTables, report: Report): void {
  let next = 0;
  for (let row = 0; row < threads.length; row++) {
    if (threads.firstSlice[row] !== next)
      report(`thread ${row} begins at ${threads.firstSlice[row]}, not ${next}`);
    next = threads.endSlice[row];
  }
  if (next !== slices.length) report(`threads end at slice ${next} of ${slices.length}`);
}

function checkSlices({ threads, slices }: TraceTables, report: Report): void {
  const { start, duration, parent, depth, subtreeEnd, thread } = slices;
  for (let of = 0; of < threads.length; of++) {
    /** Open rows. */
    const stack: number[] = [];
    /** Where the last sibling at each depth ended. */
    const lastEnd: number[] = [];
    for (let row = threads.firstSlice[of]; row < threads.endSlice[of]; row++) {
      const end = start[row] + duration[row];
      while (stack.length > 0 && subtreeEnd[stack[stack.length - 1]] <= row) stack.pop();
      const above = stack.at(-1) ?? -1;
      if (thread[row] !== of) report(`slice ${row} is of thread ${thread[row]}, among those of ${of}`);
      if (parent[row] !== above) report(`slice ${row} has parent ${parent[row]}, not ${above}`);
      if (depth[row] !== Math.min(stack.length, 0xffff)) report(`slice ${row} has depth ${depth[row]}`);
      if (subtreeEnd[row] <= row || subtreeEnd[row] > threads.endSlice[of])
        report(`slice ${row} ends its subtree at ${subtreeEnd[row]}`);
      if (duration[row] < 0) report(`slice ${row} lasts ${duration[row]}`);
      if (above >= 0) {
        if (subtreeEnd[row] > subtreeEnd[above]) report(`slice ${row} has rows outside its parent's`);
        if (start[row] < start[above]) report(`slice ${row} starts before its parent`);
        if (end > start[above] + duration[above] + EPSILON) report(`slice ${row} ends after its parent`);
      }
      if (start[row] < (lastEnd[stack.length] ?? Number.NEGATIVE_INFINITY) - EPSILON)
        report(`slice ${row} overlaps its sibling`);
      lastEnd.length = stack.length + 1;
      lastEnd[stack.length] = end;
      stack.push(row);
    }
  }
}

/** Roots' durations and visible self times are the same time, counted twice. */
function checkSelfTimes(tables: TraceTables, report: Report): void {
  const { slices, threads } = tables;
  const { visible, self } = classifySlices(tables);
  for (let of = 0; of < threads.length; of++) {
    let total = 0;
    let selfTotal = 0;
    /** Rows below this one lie in a visible slice that was counted. */
    let covered = -1;
    for (let row = threads.firstSlice[of]; row < threads.endSlice[of]; row++) {
      if (self[row] < 0) report(`slice ${row} has a self time of ${self[row]}`);
      if (visible[row] === 0 && self[row] !== 0) report(`hidden slice ${row} has a self time`);
      if ((slices.flags[row] & SLICE_INSTANT) !== 0 && slices.duration[row] !== 0)
        report(`instant ${row} lasts`);
      selfTotal += self[row];
      if (visible[row] === 0 || row < covered) continue;
      total += slices.duration[row];
      covered = slices.subtreeEnd[row];
    }
    if (Math.abs(total - selfTotal) > Math.max(EPSILON, total * 1e-6))
      report(`thread ${of}: self times are ${selfTotal} of ${total}`);
  }
}

function checkBreakdowns(tables: TraceTables, report: Report): void {
  const classes = classifySlices(tables);
  const { start, end } = tables.bounds;
  const quarter = (end - start) / 4;
  for (const range of [
    { start, end },
    { start: start + quarter, end: end - quarter },
    { start: end, end },
  ]) {
    const length = (range.end - range.start) / 1000;
    for (let thread = 0; thread < tables.threads.length; thread++) {
      for (const jsCalls of [true, false]) {
        const millis = Object.values(computeBreakdown(tables, classes, { thread, range, jsCalls }));
        const sum = millis.reduce((total, value) => total + value, 0);
        if (millis.some((value) => !(value >= 0))) report(`thread ${thread}: a category has ${millis}`);
        if (Math.abs(sum - length) > 0.001) report(`thread ${thread}: categories are ${sum} ms of ${length}`);
      }
    }
  }
}

function checkSamples({ samples, stacks, frames, threads }: TraceTables, report: Report): void {
  for (let row = 0; row < samples.length; row++) {
    if (samples.thread[row] >= threads.length) report(`sample ${row} is of no thread`);
    if (samples.stack[row] < -1 || samples.stack[row] >= stacks.length) report(`sample ${row} has no stack`);
    if (row === 0 || samples.thread[row - 1] !== samples.thread[row]) continue;
    if (samples.time[row] < samples.time[row - 1]) report(`sample ${row} is before the one before`);
  }
  for (let row = 0; row < stacks.length; row++) {
    if (stacks.prefix[row] >= row || stacks.prefix[row] < -1)
      report(`stack ${row} has prefix ${stacks.prefix[row]}`);
    if (stacks.frame[row] < 0 || stacks.frame[row] >= frames.length) report(`stack ${row} has no frame`);
  }
}
