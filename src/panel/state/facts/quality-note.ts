/** One thing that is known of how far a recording can be trusted. Types only. */

/** `bad`: something is missing. `caution`: the numbers may mislead. `fact`: how it was recorded, good to know. */
export type QualityLevel = 'bad' | 'caution' | 'fact';

export interface QualityNote {
  readonly level: QualityLevel;
  readonly title: string;
  readonly text: string;
  /** One sentence for each thing that was counted: what it was, and what it means for the numbers. */
  readonly items?: readonly string[];
}
