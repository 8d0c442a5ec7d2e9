/**
 * Tables as text: tab-separated for a spreadsheet or a chat, CSV as RFC 4180 has it, Markdown. Pure.
 * In: a head and rows of cells. Out: text. Cells that a spreadsheet would run as a formula get a leading apostrophe in
 * CSV: names of functions are the page's own.
 */
import { formatCount } from '../../../flame/index.ts';
import { countOf } from '../../words/format.ts';

export interface TextTable {
  readonly head: readonly string[];
  /** Which columns are numbers. */
  readonly numbers: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
  /** How many more the table has; none where left out. */
  readonly leftOut?: number;
}

/** Rows that a text of a table holds: more is more than a spreadsheet takes. */
export const MOST_COPIED = 100_000;

/** What of the table a text of it is. */
export const nameOfText = ({ rows, leftOut = 0 }: TextTable): string =>
  leftOut === 0
    ? 'The table'
    : `The first ${formatCount(rows.length)} of ${countOf(rows.length + leftOut, 'row')}`;

export type TableFormat = 'text' | 'csv' | 'markdown';

export function writeTable(table: TextTable, format: TableFormat): string {
  switch (format) {
    case 'text':
      return lines([table.head, ...table.rows].map((cells) => cells.map(oneLine).join('\t')));
    case 'csv':
      return `${[table.head, ...table.rows]
        .map((cells) => cells.map((cell, column) => csvCell(cell, table.numbers[column])).join(','))
        .join('\r\n')}\r\n`;
    case 'markdown':
      return lines([
        markdownRow(table.head),
        markdownRow(table.numbers.map((isNumber) => (isNumber ? '---:' : '---'))),
        ...table.rows.map((cells) => markdownRow(cells.map(markdownCell))),
      ]);
  }
}

const lines = (texts: readonly string[]): string => `${texts.join('\n')}\n`;

const oneLine = (cell: string): string => cell.replace(/[\t\r\n]+/g, ' ');

function csvCell(cell: string, isNumber: boolean): string {
  const text = !isNumber && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const markdownRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Leading spaces are the depth in a tree: no-break spaces keep them. */
const markdownCell = (cell: string): string =>
  oneLine(cell)
    .replace(/[\\`*_[\]<>|]/g, '\\$&')
    .replace(/^ +/, (spaces) => '\u00a0'.repeat(spaces.length));
