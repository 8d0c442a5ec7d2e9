/**
 * Finds boxes of a laid-out chart. Keeps of the chart what a search needs once its columns have gone to the panel:
 * its texts, and the label of every box.
 * In: a chart, then queries. Out: box rows ascending, and which labels match.
 */
import { fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import {
  type Chart,
  countLabels,
  findBoxes,
  type SearchQuery,
  type SearchTexts,
  searchTextsOf,
} from '../../flame/index.ts';
import type { TextFlags, TextMatcher } from './text-matcher.ts';

export interface SearchMatches {
  /** Rows of `chart.boxes`, ascending. */
  readonly boxes: Int32Array<ArrayBuffer>;
  /** Per row of `chart.labels` 1 where it matches. */
  readonly labels: TextFlags;
}

export class ChartSearch {
  readonly #labels: Chart['labels'];
  readonly #labelOfBox: Int32Array;
  /** Made by the first search: until then somebody waits for the chart. */
  #index: { readonly texts: SearchTexts; readonly counts: Int32Array } | null = null;

  /** Call before the chart's columns are transferred: they are copied here. */
  constructor({ labels, boxes }: Chart) {
    this.#labels = labels;
    this.#labelOfBox = boxes.label.slice();
  }

  async find(query: SearchQuery, matcher: TextMatcher, signal?: AbortSignal): Promise<Result<SearchMatches>> {
    const { texts, counts } = this.#indexed();
    const matched = await matcher.match(texts, query, signal);
    if (!matched.ok) return matched;
    if (signal?.aborted === true) return fail(makeFailure('cancelled', { subject: 'The search' }));
    return succeed({
      boxes: findBoxes(this.#labelOfBox, counts, matched.value),
      labels: matched.value,
    });
  }

  #indexed(): { readonly texts: SearchTexts; readonly counts: Int32Array } {
    this.#index ??= {
      texts: searchTextsOf(this.#labels),
      counts: countLabels(this.#labelOfBox, this.#labels.length),
    };
    return this.#index;
  }
}
