/**
 * The user's own colours, where the system is told to use no others (forced colours): a canvas has to take them by itself.
 * In: the media query, the page's system colours. Out: a theme with them for text, ground and lines; what tells boxes apart
 * keeps its colour, with the text on it chosen by contrast.
 */
import type { Signal } from '@preact/signals';
import { blend, type Rgb } from './rgb.ts';
import { contrastRatio, THEMES, type Theme, type ThemeName } from './theme.ts';

/** CSS' `Canvas`, `CanvasText` and `Highlight`. */
export interface SystemColours {
  readonly ground: Rgb;
  readonly text: Rgb;
  readonly accent: Rgb;
}

/** null: the page may choose its colours. */
export function themeOf(name: ThemeName, forced: SystemColours | null): Theme {
  if (forced === null) return THEMES[name];
  const { ground, text, accent } = forced;
  const isDark = contrastRatio(ground, [255, 255, 255]) > contrastRatio(ground, [0, 0, 0]);
  return {
    ...(isDark ? THEMES.dark : THEMES.light),
    ...{ ground, text, accent, quietText: text, divider: text },
    grid: blend(text, ground, 0.25),
    selectedGround: accent,
    error: text,
    warning: text,
    good: text,
  };
}

/** Keeps `into` as the system has it. Call the answer to stop. */
export function followForcedColours(into: Signal<SystemColours | null>): () => void {
  const query = matchMedia('(forced-colors: active)');
  const take = (): void => {
    into.value = query.matches ? readSystemColours() : null;
  };
  take();
  // From one set of colours to another the first query stays as it is.
  const queries = [query, matchMedia('(prefers-color-scheme: dark)'), matchMedia('(prefers-contrast: more)')];
  for (const each of queries) each.addEventListener('change', take);
  return () => {
    for (const each of queries) each.removeEventListener('change', take);
  };
}

function readSystemColours(): SystemColours {
  const probe = document.createElement('span');
  probe.style.setProperty('forced-color-adjust', 'none');
  document.body.append(probe);
  const read = (name: string): Rgb => {
    probe.style.color = name;
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue];
  };
  const colours = { ground: read('Canvas'), text: read('CanvasText'), accent: read('Highlight') };
  probe.remove();
  return colours;
}
