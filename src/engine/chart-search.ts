/**
 * Finds boxes of a laid-out chart. Keeps of the chart what a search needs once its columns have gone to the panel:
 * its texts, and the label of every box.
 * In: a chart, then queries. Out: box rows ascending, and which labels match.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import {
  type Chart,
  countLabels,
  findBoxes,
  type SearchQuery,
  type SearchTexts,
  searchTextsOf,
} from '../flame/index.ts';
import type { TextFlags, TextMatcher } from './text-matcher.ts';

export interface SearchMatches {
  /** Rows of `chart.boxes`, ascending. */
  readonly boxes: Int32Array<ArrayBuffer>;
  /** Per row of `chart.labels` 1 where it matches. */
  readonly labels: TextFlags;
}

export class ChartSearch {
  readonly #texts: SearchTexts;
  readonly #labelOfBox: Int32Array;
  readonly #counts: Int32Array;

  /** Call before the chart's columns are transferred: they are copied here. */
  constructor({ labels, boxes }: Chart) {
    this.#texts = searchTextsOf(labels);
    this.#labelOfBox = boxes.label.slice();
    this.#counts = countLabels(boxes.label, labels.length);
  }

  async find(query: SearchQuery, matcher: TextMatcher, signal?: AbortSignal): Promise<Result<SearchMatches>> {
    const matched = await matcher.match(this.#texts, query, signal);
    if (!matched.ok) return matched;
    if (signal?.aborted === true) return fail(makeFailure('cancelled', { subject: 'The search' }));
    return succeed({
      boxes: findBoxes(this.#labelOfBox, this.#counts, matched.value),
      labels: matched.value,
    });
  }
}
