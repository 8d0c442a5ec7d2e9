/**
 * The distinct texts of a chart's boxes: one per event name, one per JavaScript function and place.
 * In: string rows and stack rows. Out: label rows, and the labels themselves. Refuses: rows of other tables.
 */

import { ANONYMOUS, titleOfEvent } from '../analysis/index.ts';
import type { StringIndex } from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import type { BoxLabel, SourcePlace } from './chart.ts';

export class LabelCollector {
  readonly #tables: TraceTables;
  readonly #labels: BoxLabel[] = [];
  /** Label row by string row, and by frame row; -1 not yet. */
  readonly #byName: Int32Array;
  readonly #byFrame: Int32Array;
  readonly #byText = new Map<string, number>();

  constructor(tables: TraceTables) {
    this.#tables = tables;
    this.#byName = new Int32Array(tables.strings.length).fill(-1);
    this.#byFrame = new Int32Array(tables.frames.length).fill(-1);
  }

  ofEvent(name: StringIndex): number {
    const known = this.#byName[name];
    if (known >= 0) return known;
    const eventName = this.#tables.strings.get(name);
    const label = this.#labels.push({ text: titleOfEvent(eventName), eventName, source: null }) - 1;
    this.#byName[name] = label;
    return label;
  }

  ofStack(stack: number): number {
    const frame = this.#tables.stacks.frame[stack];
    const known = this.#byFrame[frame];
    if (known >= 0) return known;
    const label = this.#labels.push(labelOfFrame(this.#tables, frame)) - 1;
    this.#byFrame[frame] = label;
    return label;
  }

  /** What no event and no function is the name of: a request's file, a measure. */
  ofText(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const label = this.#labels.push({ text, eventName: '', source: null }) - 1;
    this.#byText.set(text, label);
    return label;
  }

  settle(): readonly BoxLabel[] {
    return this.#labels;
  }
}

/** What the function of frame row `frame` is called, and where it stands. */
export function labelOfFrame(
  { frames, strings }: Pick<TraceTables, 'frames' | 'strings'>,
  frame: number,
): BoxLabel {
  const text = strings.get(frames.functionName[frame]);
  return {
    text: text === '' ? ANONYMOUS : text,
    eventName: '',
    source: sourceOfFrame(strings.get(frames.url[frame]), frame, frames),
  };
}

/** Lines and columns count from 0 in the trace, from 1 for people; -1 (unknown) becomes 0. */
function sourceOfFrame(
  url: string,
  frame: number,
  { line, column }: { readonly line: Int32Array; readonly column: Int32Array },
): SourcePlace | null {
  return url === '' ? null : { url, line: line[frame] + 1, column: column[frame] + 1 };
}
