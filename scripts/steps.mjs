/**
 * Runs commands one after the other, shows the words of those that fail, and sums up. Used by check.mjs.
 * In: name, command and arguments of each step. Out: how many failed.
 */
import { spawn } from 'node:child_process';

/**
 * @param {readonly (readonly [name: string, command: string, args: readonly string[]])[]} steps
 * @returns {Promise<number>}
 */
export async function runSteps(steps) {
  const lines = [];
  let failed = 0;
  for (const [name, command, args] of steps) {
    const begin = performance.now();
    const { code, output } = await capture(command, args);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    if (code !== 0) {
      failed++;
      process.stdout.write(`\n── ${name} ──\n${output.trimEnd()}\n`);
    }
    lines.push(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.padStart(6)} s`);
  }
  process.stdout.write(`\n${lines.join('\n')}\n`);
  return failed;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function capture(command, args) {
  return new Promise((resolve, reject) => {
    // npm is a .cmd file on Windows, which only a shell starts.
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
