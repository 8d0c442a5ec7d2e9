/**
 * The aggregated views and search as the panel asks for them, in Node: a range changes and tables and flame graph follow;
 * a text is looked for in five million boxes. The panel waits for these answers from its worker and goes on painting.
 * In: our built code, the number of runs. Out: tables of medians and of the slowest tenth.
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { median, millis, printTable } from './figures.mjs';
import { generate } from './generate.mjs';

/** Megabytes of JSON with some 1 million slices. */
const SIZE = 300;
const BOXES = 5_000_000;
const RANGES = 30;

/** @type {readonly ('bottom-up' | 'call-tree' | 'graph' | 'events')[]} */
const VIEWS = ['bottom-up', 'call-tree', 'graph', 'events'];
const QUERIES = [
  { text: 'e', regex: false, name: 'one letter' },
  { text: 'layout', regex: false, name: 'a word' },
  { text: 'no such name', regex: false, name: 'what is not there' },
  { text: '^(Task|[a-z]+Frame)$', regex: true, name: 'a pattern' },
];

/** @param {{ views: string, runs: number }} options */
export async function runViewsBench({ views, runs }) {
  const { openViews } = await import(pathToFileURL(views).href);
  const path = await generate(`${SIZE}mb.json`, SIZE * 1e6);
  const opened = await openViews(Readable.toWeb(createReadStream(path)));
  console.log(
    `\n## Views of ${opened.slices} slices, ${opened.mainSlices} of them on the main thread (${RANGES} ranges)\n`,
  );
  printTable(
    ['after a change of the range', 'median', 'slowest tenth'],
    VIEWS.map((view) => {
      const times = Array.from({ length: RANGES }, (_, run) => opened.ask(view, run / 1_000));
      return [view, millis(median(times)), millis(slowestTenth(times))];
    }),
  );
  console.log(`\n## Search in ${BOXES} boxes\n`);
  printTable(
    ['text', 'median', 'slowest', 'found'],
    QUERIES.map(({ name, ...query }) => {
      const answers = Array.from({ length: runs * 2 }, () =>
        opened.search({ ...query, matchCase: false, wholeWord: false }, BOXES),
      );
      const times = answers.map((answer) => answer.millis);
      return [name, millis(median(times)), millis(Math.max(...times)), String(answers[0].found)];
    }),
  );
}

/** @param {readonly number[]} times */
function slowestTenth(times) {
  return [...times].sort((one, other) => one - other)[Math.floor(times.length * 0.9)];
}
