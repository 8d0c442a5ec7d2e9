/**
 * Settling in turns, so that whoever waits is told and can give up in between: JavaScript calls again and again, and each
 * call passes a bounded number of rows.
 * In: `beginTurn` at the start of each such call, `goesOn` before each row, `passRows` for rows passed at one go.
 * Out: whether the turn goes on; and counts for the test that holds turns to their bound.
 */

/** Some ten milliseconds. */
export const TURN_ROWS: i32 = 1 << 16;

let left: i32 = TURN_ROWS;
/** Rows of all turns before this one, and of the longest. */
let passedBefore: f64 = 0;
let longest: i32 = 0;

export function beginTurn(): void {
  const passed = passedRows();
  longest = max(longest, TURN_ROWS - left);
  passedBefore = passed;
  left = TURN_ROWS;
}

/** False where the turn is over; counts a row where it is not. */
export function goesOn(): bool {
  if (left <= 0) return false;
  left--;
  return true;
}

/** Rows that cannot be left for the next turn. */
export function passRows(count: u32): void {
  left -= <i32>count;
}

export function passedRows(): f64 {
  return passedBefore + <f64>(TURN_ROWS - left);
}

export function longestTurn(): i32 {
  return max(longest, TURN_ROWS - left);
}
