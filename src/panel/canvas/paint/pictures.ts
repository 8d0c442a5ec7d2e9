/** Who saves pictures of the charts of a page, and of which charts there are any. */
import { createContext } from 'preact';
import type { ChartHandle } from '../props.ts';

export const PICTURE_FORMS = ['png', 'svg'] as const;
export type PictureForm = (typeof PICTURE_FORMS)[number];

export interface PictureDesk {
  /** The charts that are shown, in order of their coming. */
  readonly charts: Set<ChartHandle>;
  readonly save: (chart: ChartHandle, form: PictureForm) => void;
}

/** null where pictures cannot be saved. */
export const Pictures = createContext<PictureDesk | null>(null);
