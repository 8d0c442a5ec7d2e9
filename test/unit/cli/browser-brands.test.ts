/** A browser that cannot be asked for its name is recorded all the same, under the protocol's. */
import { expect, test } from 'vitest';
import { askBrowserName } from '../../../src/cli/browser-brands.ts';

const version = (): string => '156.0.8078.79';
const isNotOver = (): boolean => false;

test('one that opens no page for the question', async () => {
  const newContext = (): Promise<never> => Promise.reject(new Error('no context'));
  expect(await askBrowserName({ version, newContext }, isNotOver)).toBe('Chrome/156.0.8078.79');
});

test('one that does not answer is waited for no longer than anybody wants it', async () => {
  let looks = 0;
  const newContext = (): Promise<never> => new Promise(() => undefined);
  expect(await askBrowserName({ version, newContext }, () => looks++ > 0)).toBe('Chrome/156.0.8078.79');
  expect(looks).toBe(2);
});
