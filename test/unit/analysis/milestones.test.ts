/** The named moments of the page's load: which events count, and whose they are. */
import { expect, test } from 'vitest';
import { findPageLoad } from '../../../src/analysis/index.ts';
import { millis, type RawEvent, type TraceRecipe, trace } from '../../builders/trace.ts';

const A = 'https://a.test/';

async function list(recipe: TraceRecipe): Promise<string[]> {
  const page = findPageLoad(await recipe.slice('RunTask', 0, 100).read());
  return page.milestones.map(({ name, time }) => `${name} ${millis(time)}`);
}

const ofNavigation = (navigationId: string): RawEvent => ({ args: { frame: 'F', data: { navigationId } } });
const ofFrame = (frame: string): RawEvent => ({ args: { data: { frame, isMainFrame: true } } });
const main = (): TraceRecipe => trace().thread('CrRendererMain').navigate(A, 10, { id: 'N' }).commit(A, 20);

test('everything that Chrome tells of one load, by time', async () => {
  const recipe = main()
    .mark('firstPaint', 30, ofNavigation('N'))
    .mark('firstContentfulPaint', 31, ofNavigation('N'))
    .mark('largestContentfulPaint::Candidate', 40, ofNavigation('N'))
    .mark('domInteractive', 35, { args: { frame: 'F' } })
    .mark('domComplete', 50, { args: { frame: 'F' } })
    .instant('MarkDOMContent', 36, ofFrame('F'))
    .instant('MarkLoad', 51, ofFrame('F'));
  expect(await list(recipe)).toEqual([
    'navigationStart 10',
    'firstPaint 30',
    'firstContentfulPaint 31',
    'domInteractive 35',
    'domContentLoaded 36',
    'largestContentfulPaint 40',
    'domComplete 50',
    'load 51',
  ]);
});

test('of a navigation before: they carry its id, or come before this document was put in place', async () => {
  const recipe = trace()
    .thread('CrRendererMain')
    .navigate(A, 1, { id: 'OLD' })
    .commit(A, 2)
    .navigate(A, 10, { id: 'N' })
    .mark('firstPaint', 12, ofNavigation('OLD'))
    .instant('MarkLoad', 15, ofFrame('F'))
    .commit(A, 20)
    .mark('firstPaint', 25, ofNavigation('OLD'))
    .mark('firstPaint', 30, ofNavigation('N'))
    .instant('MarkLoad', 51, ofFrame('F'));
  expect(await list(recipe)).toEqual(['navigationStart 10', 'firstPaint 30', 'load 51']);
});

test('of other frames and other processes: they are not the page’s', async () => {
  const recipe = main()
    .instant('MarkLoad', 30, ofFrame('G'))
    .instant('MarkLoad', 40, { ...ofFrame('F'), pid: 2 })
    .mark('firstContentfulPaint', 33, ofNavigation('OTHER'));
  expect(await list(recipe)).toEqual(['navigationStart 10']);
});

test('the first of two counts, whatever the file’s order', async () => {
  const recipe = main().instant('MarkLoad', 51, ofFrame('F')).instant('MarkLoad', 50, ofFrame('F'));
  expect(await list(recipe)).toEqual(['navigationStart 10', 'load 50']);
});

test('the last largest paint counts; one that was taken back does not', async () => {
  const candidate = (at: number): TraceRecipe =>
    main().mark('largestContentfulPaint::Candidate', at, ofNavigation('N'));
  const two = candidate(60).mark('largestContentfulPaint::Candidate', 40, ofNavigation('N'));
  expect(await list(two)).toContain('largestContentfulPaint 60');
  const taken = candidate(40).mark('largestContentfulPaint::Invalidate', 50, ofNavigation('N'));
  expect(await list(taken)).toEqual(['navigationStart 10']);
});

test('without devtools.timeline the user-timing marks stand in, and only then', async () => {
  const marks = (): TraceRecipe =>
    main()
      .mark('domContentLoadedEventEnd', 36, { args: { frame: 'F' } })
      .mark('loadEventEnd', 52, { args: { frame: 'F' } });
  expect(await list(marks())).toEqual(['navigationStart 10', 'domContentLoaded 36', 'load 52']);
  expect(await list(marks().instant('MarkLoad', 51, ofFrame('F')))).toContain('load 51');
});

test('old traces without navigation ids go by frame', async () => {
  const recipe = trace()
    .thread('CrRendererMain')
    .navigate(A, 10)
    .commit(A, 20)
    .mark('firstPaint', 15, { args: { frame: 'F' } })
    .mark('firstPaint', 30, { args: { frame: 'F' } });
  expect(await list(recipe)).toEqual(['navigationStart 10', 'firstPaint 30']);
});
