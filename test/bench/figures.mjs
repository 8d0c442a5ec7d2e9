/** Medians, ratios and tables. In: numbers. Out: text for people, one table a time. */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const seconds = (/** @type {number} */ millis) => `${(millis / 1000).toFixed(2)} s`;
export const millis = (/** @type {number} */ value) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
export const megabytes = (/** @type {number} */ bytes) => `${Math.round(bytes / 1e6)} MB`;
export const ratio = (/** @type {number} */ value) => `${value.toFixed(2)}x`;

/**
 * A table in the form of Markdown, so that it can be published as it is.
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function printTable(head, rows) {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column].length)));
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'));
}
