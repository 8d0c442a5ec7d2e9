/**
 * Binary search over sorted columns. In: an ascending column and a row range. Out: a row. Refuses: unsorted input
 * (the answer is then any row of the range).
 */

/** First row in [from, to) whose value is >= `value`; `to` where there is none. */
export function lowerBound(column: ArrayLike<number>, value: number, from = 0, to = column.length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First row in [from, to) whose value is > `value`; `to` where there is none. */
export function upperBound(column: ArrayLike<number>, value: number, from = 0, to = column.length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
