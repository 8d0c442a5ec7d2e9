/**
 * `npm run check`: types, lint, rooms and unit tests, all of them even when one fails, and a short summary.
 * In: the working tree with its packages installed. Out: each failing step's own words, then one line per step; exit
 * code 1 when any failed. About a minute.
 */
import { runSteps } from './steps.mjs';

const failed = await runSteps([
  ['types', 'npm', ['run', '--silent', 'check:types']],
  ['lint', 'npm', ['run', '--silent', 'check:lint']],
  ['rooms', 'npm', ['run', '--silent', 'check:imports']],
  ['unit tests', 'npm', ['run', '--silent', 'unit']],
]);
process.exitCode = failed === 0 ? 0 : 1;
