/**
 * A Chromium of its own that is spoken to over a pipe, with nobody else attached to its pages: what Playwright enables
 * on every page would be part of what is measured.
 * In: an executable. Out: commands, sessions to pages, processor time of its processes. Linux only (/proc).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SWITCHES = [
  '--remote-debugging-pipe',
  '--headless=new',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--window-size=1440,900',
  // A renderer that is started for later would be taken for work of the page.
  '--disable-features=SpareRendererForSitePerProcess',
  ...(process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []),
];

/**
 * @typedef {{ main: number, renderers: number, browser: number }} ProcessorTime Milliseconds: the renderers' main
 * threads, all threads of the renderers, all threads of the browser's other processes.
 */

export class PipeBrowser {
  #child;
  #profile = mkdtempSync(join(tmpdir(), 'pageflame-cost-'));
  #sent = 0;
  #text = '';
  /** @type {Map<number, { resolve: (reply: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  /** @type {Map<string, (method: string, params: any) => void>} */
  #listeners = new Map();

  /** @param {string} executable */
  constructor(executable) {
    this.#child = spawn(executable, [`--user-data-dir=${this.#profile}`, ...SWITCHES], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const reading = /** @type {import('node:stream').Readable} */ (this.#child.stdio[4]);
    reading.setEncoding('utf8').on('data', (/** @type {string} */ text) => this.#receive(text));
  }

  /** @param {string} text */
  #receive(text) {
    const messages = (this.#text + text).split('\0');
    this.#text = messages.pop() ?? '';
    for (const message of messages) this.#take(JSON.parse(message));
  }

  /** @param {any} message */
  #take({ id, error, result, method, params, sessionId }) {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return void this.#listeners.get(sessionId ?? '')?.(method, params);
    this.#waiting.delete(id);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result);
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @param {string} [sessionId]
   * @returns {Promise<any>}
   */
  send(method, params = {}, sessionId) {
    const id = ++this.#sent;
    const writing = /** @type {import('node:stream').Writable} */ (this.#child.stdio[3]);
    writing.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /**
   * @param {string} targetId
   * @param {(method: string, params: any) => void} [listener]
   * @returns {Promise<string>}
   */
  async attach(targetId, listener = () => undefined) {
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    this.#listeners.set(sessionId, listener);
    return sessionId;
  }

  /**
   * Begins to measure. Processes and threads that end in between count for nothing: what they took is not told.
   * @returns {Promise<() => Promise<ProcessorTime>>} What was taken since.
   */
  async startProcessorTime() {
    const before = new Map((await this.#threads()).map(({ key, millis }) => [key, millis]));
    return async () => {
      const time = { main: 0, renderers: 0, browser: 0 };
      for (const { key, isRenderer, isMain, millis } of await this.#threads()) {
        const passed = millis - (before.get(key) ?? 0);
        time[isRenderer ? 'renderers' : 'browser'] += passed;
        if (isRenderer && isMain) time.main += passed;
      }
      return time;
    };
  }

  async #threads() {
    /** @type {{ processInfo: { type: string, id: number }[] }} */
    const { processInfo } = await this.send('SystemInfo.getProcessInfo');
    return processInfo.flatMap(({ type, id: process }) =>
      threadTimes(process).map(({ id, millis }) => ({
        key: `${process}/${id}`,
        isRenderer: type === 'renderer',
        isMain: id === process,
        millis,
      })),
    );
  }

  async close() {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    await this.send('Browser.close').catch(() => this.#child.kill());
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** @param {number} process */
function threadTimes(process) {
  const folder = `/proc/${process}/task`;
  return tolerate(() => readdirSync(folder), []).map((name) => ({
    id: Number(name),
    // Nanoseconds on a processor, nanoseconds waiting for one, turns.
    millis: tolerate(
      () => Number(readFileSync(`${folder}/${name}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
      0,
    ),
  }));
}

/**
 * Processes and threads end while they are listed.
 * @template T
 * @param {() => T} read
 * @param {T} otherwise
 */
function tolerate(read, otherwise) {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return otherwise;
    throw error;
  }
}
