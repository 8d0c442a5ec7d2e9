/** What can be sent of what is open: a trace, a range of it, a file of profiles. */
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/base/index.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { writePprof } from '../../../src/profile/index.ts';
import { PAGE_TRACE } from '../../builders/page-trace.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
};
const FACTS = { seed: 'a', name: 'shop', unixMillisAtZero: 5 };
const fileOf = (content: BlobPart) => ({ kind: 'file', name: 'shop', file: new Blob([content]) }) as const;

describe('what can be sent', () => {
  it('of a trace is every thread that ran scripts, its load and its tags', async () => {
    const engine = new Engine({ library: null });
    const { open, bounds } = value(await engine.open(fileOf(PAGE_TRACE)));
    const cargo = value(await engine.cargo(open, FACTS));
    expect(cargo).toMatchObject({ ...FACTS, tags: { service_name: 'shop.example' } });
    expect(cargo.load).not.toBeNull();
    expect(cargo.profiles.length).toBeGreaterThan(0);
    expect(cargo.profiles.every(({ range }) => range.start === bounds.start)).toBe(true);
    // A part has no spans: their ids are the whole load's.
    const range = { start: bounds.start, end: (bounds.start + bounds.end) / 2 };
    const part = value(await engine.cargo(open, { ...FACTS, range }));
    expect(part.load).toBeNull();
    expect(part.profiles.every((profile) => profile.range.end === range.end)).toBe(true);
  });

  it('of a file of profiles is what is in it, under its own name and labels', async () => {
    const engine = new Engine({ library: null });
    const mine = profileOf({ 'f@https://x.example/a.js:5': 30 }, { labels: { env: 'live' } });
    const opened = value(await engine.openDocument(fileOf(writePprof([mine]))));
    if (opened.kind !== 'profiles') throw new Error('a trace');
    const cargo = value(await engine.cargo(opened.opened.open, FACTS));
    expect(cargo).toMatchObject({ ...FACTS, load: null, tags: { service_name: 'shop' } });
    expect(Object.keys(foldProfile(cargo.profiles[0]))).toEqual(Object.keys(foldProfile(mine)));
  });

  it('of what was closed is nothing', async () => {
    const engine = new Engine({ library: null });
    const { open } = value(await engine.open(fileOf(PAGE_TRACE)));
    await engine.close(open);
    expect(await engine.cargo(open, FACTS)).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });
});
