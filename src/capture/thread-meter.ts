/**
 * How busy the page's main thread is. In: a session. Out: the share (0 to 1) of the time since the last asking that it
 * spent in tasks. Chrome adds up the thread's tasks from the first asking on; each asking costs the page about 1 ms of
 * its processor while it is traced (seen).
 */
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import { readList, readNumber, readText } from './protocol-values.ts';

interface Reading {
  /** Both in seconds, on clocks of their own. */
  readonly busy: number;
  readonly time: number;
}

export class ThreadMeter {
  readonly #commands: Commands;
  #last: Reading | null = null;
  #asking = false;
  #enabled = false;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  /**
   * `answer` gets the share; null where there is nothing to compare with (the first time, a new process). One question
   * at a time: a thread that does not answer is not asked again.
   */
  async ask(answer: (share: number | null) => void): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    if (!this.#enabled) {
      this.#enabled = true;
      void this.#commands.send('Performance.enable');
    }
    const reply = await this.#commands.send('Performance.getMetrics');
    this.#asking = false;
    if (reply.ok) answer(this.#compare(reply.value));
    // A browser without this command leaves only the network to judge by.
    else if (reply.failure.code === 'command-refused') answer(0);
  }

  #compare(reply: CdpParams): number | null {
    const metrics = new Map(
      readList(reply, 'metrics').map((metric) => [readText(metric, 'name'), readNumber(metric, 'value')]),
    );
    const busy = metrics.get('TaskDuration') ?? null;
    const time = metrics.get('Timestamp') ?? null;
    const last = this.#last;
    this.#last = busy === null || time === null ? null : { busy, time };
    if (last === null || this.#last === null) return null;
    const passed = this.#last.time - last.time;
    const worked = this.#last.busy - last.busy;
    return passed <= 0 || worked < 0 ? null : Math.min(1, worked / passed);
  }
}
