/**
 * Sizes of the chart, given in CSS pixels and rounded once to whole device pixels: `putImageData` knows no fractions,
 * and a row of 17.5 pixels would shimmer. In: the device pixel ratio, and how much larger than asked for the browser makes
 * text: what holds text grows with it. Out: device pixels.
 */

/** Of text at its usual size, CSS pixels. */
export const USUAL_FONT = 11;

const OF_TEXT = {
  ruler: 20,
  flags: 16,
  header: 20,
  /** One row: 17 and a gap of 1. */
  row: 18,
  /** A row of a counter. */
  counter: 34,
  font: USUAL_FONT,
  /** Boxes narrower than this carry no label: three characters and the padding never fit. */
  leastLabelled: 18,
  /** Ticks of the ruler are at least this far apart. */
  tick: 90,
} as const;

const OF_LINES = {
  /** A row of pictures. */
  picture: 64,
  gap: 1,
  padding: 4,
  outline: 2,
  /** Of the triangle on what was forced, and the narrowest box that has one. */
  corner: 6,
  leastCornered: 8,
} as const;

export type Measures = { readonly [Name in keyof typeof OF_TEXT | keyof typeof OF_LINES]: number } & {
  readonly ratio: number;
};

export function measuresFor(ratio: number, textGrowth = 1): Measures {
  const scale = (css: number): number => Math.max(1, Math.round(css * ratio));
  const scaleText = (css: number): number => scale(css * textGrowth);
  return {
    ratio,
    ruler: scaleText(OF_TEXT.ruler),
    flags: scaleText(OF_TEXT.flags),
    header: scaleText(OF_TEXT.header),
    row: scaleText(OF_TEXT.row),
    counter: scaleText(OF_TEXT.counter),
    font: scaleText(OF_TEXT.font),
    leastLabelled: scaleText(OF_TEXT.leastLabelled),
    tick: scaleText(OF_TEXT.tick),
    picture: scale(OF_LINES.picture),
    gap: scale(OF_LINES.gap),
    padding: scale(OF_LINES.padding),
    outline: scale(OF_LINES.outline),
    corner: scale(OF_LINES.corner),
    leastCornered: scale(OF_LINES.leastCornered),
  };
}

/** Of a flame graph: no axis and no headers. */
export const graphMeasuresFor = (ratio: number, textGrowth = 1): Measures => ({
  ...measuresFor(ratio, textGrowth),
  ruler: 0,
  flags: 0,
  header: 0,
});
