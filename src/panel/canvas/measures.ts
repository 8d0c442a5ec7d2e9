/**
 * Sizes of the chart, given in CSS pixels and rounded once to whole device pixels: `putImageData` knows no fractions,
 * and a row of 17.5 pixels would shimmer. In: the device pixel ratio. Out: device pixels.
 */

const CSS = {
  ruler: 20,
  flags: 16,
  header: 20,
  /** One row: 17 and a gap of 1. */
  row: 18,
  /** A row of a counter, and of pictures. */
  counter: 34,
  picture: 64,
  gap: 1,
  font: 11,
  padding: 4,
  /** Boxes narrower than this carry no label: three characters and the padding never fit. */
  leastLabelled: 18,
  /** Ticks of the ruler are at least this far apart. */
  tick: 90,
  outline: 2,
  /** Of the triangle on what was forced, and the narrowest box that has one. */
  corner: 6,
  leastCornered: 8,
} as const;

export type Measures = { readonly [Name in keyof typeof CSS]: number } & { readonly ratio: number };

export function measuresFor(ratio: number): Measures {
  const scale = (css: number): number => Math.max(1, Math.round(css * ratio));
  return {
    ratio,
    ruler: scale(CSS.ruler),
    flags: scale(CSS.flags),
    header: scale(CSS.header),
    row: scale(CSS.row),
    counter: scale(CSS.counter),
    picture: scale(CSS.picture),
    gap: scale(CSS.gap),
    font: scale(CSS.font),
    padding: scale(CSS.padding),
    leastLabelled: scale(CSS.leastLabelled),
    tick: scale(CSS.tick),
    outline: scale(CSS.outline),
    corner: scale(CSS.corner),
    leastCornered: scale(CSS.leastCornered),
  };
}

/** Of a flame graph: no axis and no headers. */
export const graphMeasuresFor = (ratio: number): Measures => ({
  ...measuresFor(ratio),
  ruler: 0,
  flags: 0,
  header: 0,
});
