/** Pictures of the page for the chart: how often it is painted anew while they are read. */
import { afterEach, expect, test, vi } from 'vitest';
import { succeed } from '../../../src/base/index.ts';
import type { PictureShelf } from '../../../src/panel/state/facts/page-pictures.ts';
import { PictureStore } from '../../../src/panel/views/facts/page-pictures.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const shelf = (aspect: number | null): PictureShelf => ({
  key: 'recording',
  times: Array.from({ length: 100 }, (_, at) => at),
  aspect,
  read: () => Promise.resolve(succeed(new Uint8Array([255, 216]))),
});

function stub(): void {
  vi.stubGlobal('requestIdleCallback', (run: () => void) => setTimeout(run));
  vi.stubGlobal('createImageBitmap', () =>
    Promise.resolve({ width: 100, height: 50, close: () => undefined }),
  );
}

test('all that a picture of the chart asks for are told of together, not group by group', async () => {
  stub();
  // However slow the machine is.
  vi.spyOn(performance, 'now').mockReturnValue(0);
  const store = new PictureStore(shelf(1.5));
  for (let picture = 0; picture < 60; picture++) expect(store.get(picture)).toBeNull();
  await vi.waitFor(() => expect(store.get(59)).not.toBeNull());
  await Promise.resolve();
  expect(store.version.value).toBe(1);
  expect(store.get(0)).toMatchObject({ width: 100, height: 50 });
  expect(store.aspect).toBe(1.5);
  store.leave();
});

test('where reading takes long, what is there is told of in between', async () => {
  stub();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const groups = new Set<number>();
  const slow: PictureShelf = {
    ...shelf(1.5),
    read(picture) {
      // Eight are read at a time.
      groups.add(Math.floor(picture / 8));
      clock.mockReturnValue(300 * groups.size);
      return Promise.resolve(succeed(new Uint8Array([255, 216])));
    },
  };
  const store = new PictureStore(slow);
  for (let picture = 0; picture < 60; picture++) store.get(picture);
  await vi.waitFor(() => expect(store.get(59)).not.toBeNull());
  await Promise.resolve();
  expect(store.version.value).toBe(8);
  store.leave();
});

test('where the shape is not told it is that of what was read last', async () => {
  stub();
  const store = new PictureStore(shelf(null));
  expect(store.aspect).toBeCloseTo(1.6);
  store.get(0);
  await vi.waitFor(() => expect(store.aspect).toBe(2));
  store.leave();
});
