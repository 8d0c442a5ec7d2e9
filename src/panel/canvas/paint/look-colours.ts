/**
 * Colours of boxes that stand for no category: requests by what they load, frames, what a page put on tracks of its own.
 * In: nothing. Out: `Rgb` triples per theme; the lighter shade is what waits. Requests are DevTools' own colours.
 */
import type { CustomColour, Look, RequestKind } from '../../../flame/index.ts';
import { blend, type Rgb } from './rgb.ts';

export interface Shades {
  readonly plain: Rgb;
  readonly child: Rgb;
}

const REQUESTS: Readonly<Record<RequestKind, Rgb>> = {
  document: [76, 141, 246],
  style: [191, 103, 255],
  script: [250, 204, 21],
  image: [109, 213, 140],
  font: [0, 157, 193],
  media: [30, 164, 70],
  other: [222, 222, 222],
};

const CUSTOM: Readonly<Record<CustomColour, Rgb>> = {
  primary: [124, 172, 248],
  'primary-light': [168, 199, 250],
  'primary-dark': [27, 110, 243],
  secondary: [191, 152, 246],
  'secondary-light': [217, 198, 250],
  'secondary-dark': [149, 84, 226],
  tertiary: [109, 213, 140],
  'tertiary-light': [160, 232, 182],
  'tertiary-dark': [20, 130, 56],
  warning: [255, 187, 41],
  error: [228, 105, 98],
};

interface Others {
  readonly ground: Rgb;
  readonly other: Rgb;
  readonly whisker: Rgb;
  readonly frame: Rgb;
  readonly partial: Rgb;
  readonly dropped: Rgb;
  readonly picture: Rgb;
  readonly interaction: Rgb;
}

/** How much of its own colour what waits keeps. */
const WAITING_SHARE = 0.5;

export const LIGHT_LOOKS = makeLooks({
  ground: [255, 255, 255],
  other: REQUESTS.other,
  whisker: [199, 199, 199],
  frame: [196, 238, 208],
  partial: [253, 226, 120],
  dropped: [242, 150, 144],
  picture: [227, 227, 227],
  interaction: [237, 190, 105],
});

export const DARK_LOOKS = makeLooks({
  ground: [40, 40, 40],
  other: [143, 143, 143],
  whisker: [117, 117, 117],
  frame: [24, 96, 52],
  partial: [176, 138, 20],
  dropped: [176, 62, 55],
  picture: [71, 71, 71],
  interaction: [190, 136, 40],
});

function makeLooks(others: Others): Readonly<Record<Look, Shades>> {
  const { ground } = others;
  const shades = (plain: Rgb): Shades => ({ plain, child: blend(plain, ground, WAITING_SHARE) });
  const request = (kind: RequestKind): Shades => shades(kind === 'other' ? others.other : REQUESTS[kind]);
  return {
    whisker: shades(others.whisker),
    frame: shades(others.frame),
    'partial-frame': shades(others.partial),
    'dropped-frame': shades(others.dropped),
    picture: shades(others.picture),
    interaction: shades(others.interaction),
    'request-document': request('document'),
    'request-style': request('style'),
    'request-script': request('script'),
    'request-image': request('image'),
    'request-font': request('font'),
    'request-media': request('media'),
    'request-other': request('other'),
    'custom-primary': shades(CUSTOM.primary),
    'custom-primary-light': shades(CUSTOM['primary-light']),
    'custom-primary-dark': shades(CUSTOM['primary-dark']),
    'custom-secondary': shades(CUSTOM.secondary),
    'custom-secondary-light': shades(CUSTOM['secondary-light']),
    'custom-secondary-dark': shades(CUSTOM['secondary-dark']),
    'custom-tertiary': shades(CUSTOM.tertiary),
    'custom-tertiary-light': shades(CUSTOM['tertiary-light']),
    'custom-tertiary-dark': shades(CUSTOM['tertiary-dark']),
    'custom-warning': shades(CUSTOM.warning),
    'custom-error': shades(CUSTOM.error),
  };
}
