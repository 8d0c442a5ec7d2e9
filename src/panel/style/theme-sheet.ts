/**
 * The colour table as CSS custom properties, so that no colour is written twice. Pure.
 * In: the themes. Out: a style sheet that sets them on the root, per `data-theme`. Names: `--ground`, `--quiet-text`,
 * …, `--category-loading`.
 */
import { cssColour, type Theme, type ThemeName } from '../canvas/paint/theme.ts';

/** Colours of the surroundings; the categories have two each and their own names, looks and files are on canvases alone. */
type PlainName = Exclude<keyof Theme, 'categories' | 'looks' | 'changes' | 'files'>;

export function themeSheet(themes: Readonly<Record<ThemeName, Theme>>): string {
  return [rule('light', themes.light), rule('dark', themes.dark)].join('\n');
}

function rule(name: ThemeName, theme: Theme): string {
  const { categories, looks: _onCanvasOnly, files: _onCanvasToo, changes, ...plain } = theme;
  const lines = [`color-scheme: ${name};`];
  for (const key of Object.keys(plain)) {
    const colour = plain[key as PlainName];
    lines.push(`--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${cssColour(colour)};`);
  }
  for (const [category, { plain: colour }] of Object.entries(categories)) {
    lines.push(`--category-${category}: ${cssColour(colour)};`);
  }
  for (const [step, colour] of changes.entries()) lines.push(`--change-${step}: ${cssColour(colour)};`);
  return `:root[data-theme='${name}'] {\n  ${lines.join('\n  ')}\n}`;
}
