/**
 * axe-core over a page or a frame of the extension: what of it breaks WCAG 2.1 A or AA, or ARIA's own rules.
 * WCAG 2.2 asks for targets of 24 pixels; beside DevTools they are 20.
 * In: a page or frame, the part of it to look at. Out: one line per broken rule and element; none is what tests expect.
 * The rules' source is handed over by the debugging protocol: the extension's own pages may load no script of others.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame, Page } from 'playwright';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
  resultTypes: ['violations'],
};

interface WithAxe {
  readonly axe?: { run(selector: string, options: RunOptions): Promise<AxeResults> };
}

export async function findBarriers(place: Page | Frame, selector = 'body'): Promise<readonly string[]> {
  const frame: { evaluate: Frame['evaluate'] } = place;
  const isThere = await frame.evaluate(() => 'axe' in globalThis);
  if (!isThere) await frame.evaluate(SOURCE);
  const results = await frame.evaluate(
    async ([part, options]) => {
      const { axe } = globalThis as WithAxe;
      if (axe === undefined) throw new Error('axe-core did not load');
      return axe.run(part, options);
    },
    [selector, OPTIONS] as const,
  );
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id} (${help}): ${html.slice(0, 160)}`),
  );
}
