/** The page of a recording without a reload. */
import { describe, expect, test } from 'vitest';
import { findPageLoad, withStandingPage } from '../../../src/analysis/index.ts';
import { type TraceRecipe, trace } from '../../builders/trace.ts';

const URL = 'https://shop.example/cart';

async function find(recipe: TraceRecipe) {
  const tables = await recipe.read();
  const page = withStandingPage(findPageLoad(tables), tables, URL);
  const { pid, tid } = tables.threads;
  const main = page.mainThread < 0 ? null : `${pid[page.mainThread]}:${tid[page.mainThread]}`;
  const pids = new Set([...page.onMainFrame].map((row) => pid[row]));
  return { main, url: page.url, window: page.window, pids: [...pids], urls: [...page.urlOfProcess] };
}

describe('a page that was recorded as it stood', () => {
  test('is on the main thread that did most, beside frames of other sites', async () => {
    const recipe = trace()
      .thread('CrRendererMain', { pid: 1, tid: 1 })
      .slice('RunTask', 0, 90)
      .thread('CrRendererMain', { pid: 2, tid: 1 })
      .slice('RunTask', 0, 10)
      .slice('RunTask', 20, 30)
      .thread('Compositor', { pid: 2, tid: 5 });
    expect(await find(recipe)).toEqual({ main: '2:1', url: URL, window: null, pids: [2], urls: [[2, URL]] });
  });

  test('is what the trace says where it says so', async () => {
    const recipe = trace()
      .thread('CrRendererMain', { pid: 1, tid: 1 })
      .navigate('https://a.test/', 10)
      .slice('RunTask', 0, 100);
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: 'https://a.test/' });
  });

  test('is nowhere where no renderer did anything', async () => {
    expect(await find(trace().thread('CrBrowserMain').slice('RunTask', 0, 10))).toMatchObject({
      main: null,
      url: '',
    });
  });
});
