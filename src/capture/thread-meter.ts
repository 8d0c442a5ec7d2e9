/**
 * How busy the page's main thread is. In: a session. Out: the share (0 to 1) of the time since the last asking that it
 * spent in tasks. Chrome adds up the thread's tasks from the first asking on; each further asking costs the page about
 * 1 ms of its processor while it is traced (seen).
 */
import type { UnixMillis } from '../base/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import { readList, readNumber, readText } from './protocol-values.ts';

interface Reading {
  /** Both in seconds, on clocks of their own. `time` is null where the adding up has just begun. */
  readonly busy: number;
  readonly time: number | null;
  readonly at: UnixMillis;
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
    const isFirst = !this.#enabled;
    this.#enabled = true;
    const reply = await this.#commands.send(isFirst ? 'Performance.enable' : 'Performance.getMetrics');
    this.#asking = false;
    // A browser without these commands leaves only the network to judge by.
    if (!reply.ok) {
      if (reply.failure.code === 'command-refused') answer(isFirst ? null : 0);
      return;
    }
    if (!isFirst) return answer(this.#compare(reply.value));
    this.#last = { busy: 0, time: null, at: Date.now() };
    answer(null);
  }

  #compare(reply: CdpParams): number | null {
    const metrics = new Map(
      readList(reply, 'metrics').map((metric) => [readText(metric, 'name'), readNumber(metric, 'value')]),
    );
    const busy = metrics.get('TaskDuration') ?? null;
    const time = metrics.get('Timestamp') ?? null;
    const last = this.#last;
    const at = Date.now();
    this.#last = busy === null || time === null ? null : { busy, time, at };
    if (last === null || busy === null || time === null) return null;
    const passed = last.time === null ? (at - last.at) / 1_000 : time - last.time;
    const worked = busy - last.busy;
    return passed <= 0 || worked < 0 ? null : Math.min(1, worked / passed);
  }
}
