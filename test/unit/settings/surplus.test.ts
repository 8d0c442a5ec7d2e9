/** Which recordings go when there are too many: old ones, never tagged ones. */
import { describe, expect, it } from 'vitest';
import { type Recording, recordingId } from '../../../src/recording/index.ts';
import { chooseSurplus } from '../../../src/settings/index.ts';
import { buildRecording } from '../../builders/recording.ts';

const one = (name: string, startedAt: number, changes: Partial<Recording> = {}): Recording =>
  buildRecording({
    id: recordingId(name),
    startedAt,
    trace: { format: 'perfetto', bytes: 900, chunks: 1 },
    frames: [{ time: startedAt, bytes: 100 }],
    tags: {},
    state: 'whole',
    ...changes,
  });
const shelf = [one('new', 4_000), one('old', 1_000), one('middle', 3_000), one('older', 2_000)];
const noLimit = { mostRecordings: null, mostBytes: null };

describe('chooseSurplus', () => {
  it('lets everything stay without a limit, and under it', () => {
    expect(chooseSurplus(shelf, noLimit, null)).toEqual([]);
    expect(chooseSurplus(shelf, { mostRecordings: 4, mostBytes: 4_000 }, null)).toEqual([]);
  });

  it('lets the oldest go, as many as must', () => {
    expect(chooseSurplus(shelf, { ...noLimit, mostRecordings: 2 }, null)).toEqual(['old', 'older']);
    expect(chooseSurplus(shelf, { ...noLimit, mostBytes: 3_999 }, null)).toEqual(['old']);
  });

  it('spares what is tagged, what is being made and what has just been made', () => {
    const kept = [
      one('tagged', 1_000, { tags: { release: '1.2' } }),
      one('made', 2_000, { state: 'recording' }),
      one('plain', 3_000),
      one('just made', 4_000),
    ];
    expect(chooseSurplus(kept, { ...noLimit, mostRecordings: 1 }, recordingId('just made'))).toEqual([
      'plain',
    ]);
  });
});
