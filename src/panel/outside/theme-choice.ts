/**
 * Light or dark: as the user has chosen, else DevTools' own theme in the panel, the system's in the viewer. Out: a signal that follows both, and
 * the theme's name on the root element for the style sheets.
 */
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { ThemeChoice } from '../../settings/index.ts';
import { THEMES, type ThemeName } from '../canvas/paint/theme.ts';
import { themeSheet } from '../style/theme-sheet.ts';

/** As much of `chrome.devtools.panels` as is used. The handler is newer than `themeName`. */
export interface DevtoolsTheme {
  readonly themeName: string;
  readonly setThemeChangeHandler?: (handler: (themeName: string) => void) => void;
}

/** `devtools` is null outside DevTools. */
export function followTheme(
  devtools: DevtoolsTheme | null,
  choice: ReadonlySignal<ThemeChoice>,
): ReadonlySignal<ThemeName> {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const around = signal<ThemeName>(dark.matches ? 'dark' : 'light');
  const theme = computed(() => (choice.value === 'auto' ? around.value : choice.value));
  if (devtools === null) {
    dark.addEventListener('change', () => {
      around.value = dark.matches ? 'dark' : 'light';
    });
  } else {
    const take = (name: string): void => {
      around.value = name === 'dark' ? 'dark' : 'light';
    };
    take(devtools.themeName);
    devtools.setThemeChangeHandler?.(take);
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(themeSheet(THEMES));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
  return theme;
}
