/**
 * A file of every released format version opens for ever, and says what it always said. Each was recorded by that
 * version's own `pageflame record`; none is ever made anew.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { computeBreakdown } from '../../../src/analysis/index.ts';
import { ensure } from '../../../src/base/index.ts';
import { Engine } from '../../../src/engine/index.ts';
import { RECORDING_FORMAT_VERSION, unpackRecording } from '../../../src/recording/index.ts';

const read = (version: number): Buffer =>
  readFileSync(new URL(`../../fixtures/recordings/version-${version}.pageflame`, import.meta.url));

test('there is a file of the version that is written now', () => {
  const unpacked = unpackRecording(read(RECORDING_FORMAT_VERSION), 'now');
  expect(unpacked.ok && unpacked.value.recording.formatVersion).toBe(RECORDING_FORMAT_VERSION);
});

test('version 1: a load of the fixture page busy.html, recorded with Pageflame 0.1.0 in Chromium 156', async () => {
  const unpacked = unpackRecording(read(1), 'version-1.pageflame');
  if (!unpacked.ok) throw new Error(unpacked.failure.detail);
  const { recording, frames } = unpacked.value;
  expect(recording).toMatchObject({
    id: 'fb2511a4-7385-4d6b-88f8-56b8d81db57b',
    state: 'whole',
    cutOff: null,
    title: 'Busy',
    browser: 'Chrome/156.0.8078.79',
    recorder: 'pageflame 0.1.0',
    viewport: { width: 1440, height: 813 },
    loadFinished: true,
    stopReason: 'quiet',
    dataLoss: false,
    trace: { format: 'perfetto', bytes: 118380, chunks: 1 },
    tags: {},
  });
  expect(recording.vitals.LCP).toMatchObject({ value: 80, rating: 'good' });
  expect(frames.map((frame) => [frame[0], frame[1]])).toStrictEqual([
    [0xff, 0xd8],
    [0xff, 0xd8],
  ]);

  const engine = new Engine({ library: null });
  const file = new Blob([new Uint8Array(read(1))]);
  const opened = await engine.open({ kind: 'file', name: 'version-1.pageflame', file });
  if (!opened.ok) throw new Error(opened.failure.detail);
  const { tables, classes, page } = ensure(engine.traceOf(opened.value.open), 'an open trace');
  expect(page.url).toBe(recording.url);
  const range = ensure(page.window, 'a page window');
  const breakdown = computeBreakdown(tables, classes, { thread: page.mainThread, range, jsCalls: true });
  // f1, f2 and f3 are busy for 60 ms. The rest may move by a hair as categories are understood better.
  expect(breakdown.scripting).toBeGreaterThan(60);
  expect(breakdown.scripting).toBeLessThan(100);
});
