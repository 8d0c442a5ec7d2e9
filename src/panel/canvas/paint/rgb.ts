/** A colour in numbers. In: red, green and blue, 0 to 255 each. Out: mixtures. */

export type Rgb = readonly [red: number, green: number, blue: number];

/** `share` of the colour, the rest of the ground. */
export function blend([red, green, blue]: Rgb, ground: Rgb, share: number): Rgb {
  const mix = (one: number, other: number): number => Math.round(one * share + other * (1 - share));
  return [mix(red, ground[0]), mix(green, ground[1]), mix(blue, ground[2])];
}
