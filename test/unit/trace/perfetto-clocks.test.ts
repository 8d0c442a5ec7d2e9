/** Timestamps → microseconds of the trace clock, exact beyond 2^53 nanoseconds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, instant, opening, packet, readStream, START, snapshot } from '../../builders/perfetto.ts';

/** Times of the events in these packets, behind one snapshot. */
async function timesOf(clocks: Parameters<typeof snapshot>[0], ...packets: number[][]): Promise<number[]> {
  const { events } = await readStream([...opening(1, { snapshot: snapshot(clocks, 3) }), ...packets.flat()]);
  return events.map((event) => event.time);
}

const at = (time: number | bigint, clock?: number): number[] => [
  ...packet({ flags: 2, time, event: begin('x'), ...(clock === undefined ? {} : { clock }) }),
];

describe('clocks of a packet sequence', () => {
  it('adds up an incremental clock in microseconds, and keeps the nanoseconds of its snapshot', async () => {
    const clocks = [
      { id: 3, time: 5_000_000_123n },
      { id: 64, time: 77, incremental: true, unit: 1000 },
    ];
    expect(await timesOf(clocks, at(0), at(10), at(5))).toEqual([
      5_000_000.123, 5_000_010.123, 5_000_015.123,
    ]);
  });

  it('adds up an incremental clock in nanoseconds without losing any', async () => {
    const clocks = [
      { id: 3, time: 999n },
      { id: 64, time: 0, incremental: true },
    ];
    expect(await timesOf(clocks, at(1), at(999), at(2500))).toEqual([1, 1.999, 4.499]);
  });

  it('counts packets without an event, too', async () => {
    const clocks = [
      { id: 3, time: 1000n },
      { id: 64, time: 0, incremental: true, unit: 1000 },
    ];
    expect(await timesOf(clocks, [...packet({ flags: 2, time: 7 })], at(1))).toEqual([9]);
  });

  it('goes back in time where an incremental distance is negative', async () => {
    const clocks = [
      { id: 3, time: 50_000n },
      { id: 64, time: 0, incremental: true, unit: 1000 },
    ];
    expect(await timesOf(clocks, at(20), at(-5n))).toEqual([70, 65]);
  });

  it('reads an absolute clock by its distance from the snapshot', async () => {
    const clocks = [
      { id: 3, time: 2_000_000_500n },
      { id: 64, time: 2_000_000, incremental: true, unit: 1000 },
      { id: 65, time: 2_000_000, incremental: false, unit: 1000 },
    ];
    expect(await timesOf(clocks, at(10), at(1_999_990, 65), at(1))).toEqual([
      2_000_010.5, 1_999_990.5, 2_000_011.5,
    ]);
  });

  it('starts anew with each snapshot of the sequence', async () => {
    const again = packet({
      flags: 1,
      time: 0,
      snapshot: snapshot([
        { id: 3, time: 9_000_000n },
        { id: 64, time: 0, incremental: true, unit: 1000 },
      ]),
      defaults: { track: 1, clock: 64 },
    });
    const { events } = await readStream([...opening(), ...at(100), ...again, ...at(1)]);
    expect(events.map((event) => event.time)).toEqual([START + 100, 9_001]);
  });

  it('keeps the clocks of two sequences apart', async () => {
    const second = opening(2, {
      snapshot: snapshot([
        { id: 3, time: 1_000_000n },
        { id: 64, time: 0, incremental: true, unit: 1000 },
      ]),
    });
    const { events } = await readStream([
      ...opening(),
      ...second,
      ...packet({ sequence: 2, flags: 2, time: 1, event: begin('b') }),
      ...packet({ sequence: 1, flags: 2, time: 2, event: begin('a') }),
      ...packet({ sequence: 2, flags: 2, time: 3, event: begin('b') }),
    ]);
    expect(events.map((event) => event.time)).toEqual([1001, START + 2, 1004]);
  });
});

describe('clocks of the machine', () => {
  const boot = (time: bigint): number[] => [
    ...packet({ sequence: 9, time, clock: 6, event: instant('boot') }),
  ];

  it('takes the primary clock as the trace clock and converts others by the last snapshot before', async () => {
    const service = (monotonic: bigint, boottime: bigint): number[] => [
      ...packet({
        sequence: 8,
        snapshot: snapshot(
          [
            { id: 6, time: boottime },
            { id: 3, time: monotonic },
          ],
          3,
        ),
      }),
    ];
    const { events } = await readStream([
      ...service(1_000_000n, 5_000_000n),
      ...service(2_000_000n, 9_000_000n),
      ...boot(4_000_000n),
      ...boot(5_001_000n),
      ...boot(9_000_001n),
      ...packet({ sequence: 9, time: 123_456n, clock: 3, event: instant('mono') }),
      ...packet({ sequence: 9, time: 123_456n, event: instant('none') }),
    ]);
    expect(events.map((event) => event.time)).toEqual([0, 1001, 2000.001, 123.456, 123.456]);
  });

  it('takes boottime where no clock is called primary, and relates a sequence to it by any clock that it knows', async () => {
    const { events } = await readStream([
      ...packet({
        sequence: 8,
        snapshot: snapshot([
          { id: 6, time: 7_000_000n },
          { id: 3, time: 1_000_000n },
        ]),
      }),
      ...opening(1, {
        snapshot: snapshot([
          { id: 3, time: 2_000_000n },
          { id: 64, time: 0, incremental: true, unit: 1000 },
        ]),
      }),
      ...at(4),
      ...boot(8_000_000n),
    ]);
    expect(events.map((event) => event.time)).toEqual([8004, 8000]);
  });

  it('counts a time on a clock that nobody explains as bad, and goes on', async () => {
    const { events, builder } = await readStream([
      ...opening(),
      ...at(1, 5),
      ...at(1, 70),
      ...packet({ flags: 2, event: begin('no time') }),
      ...at(1),
    ]);
    expect(events.map((event) => event.time)).toEqual([Number.NaN, Number.NaN, Number.NaN, START + 1]);
    expect(builder.kernel.calls.badTimes.value).toBe(3);
  });

  it('links trace time to Unix time by the first snapshot that has both', async () => {
    const clocks = (monotonic: bigint, realtime: bigint): number[] => [
      ...packet({
        sequence: 8,
        snapshot: snapshot(
          [
            { id: 3, time: monotonic },
            { id: 1, time: realtime },
          ],
          3,
        ),
      }),
    ];
    const { facts } = await readStream([
      ...clocks(1_162_256_962_558n, 1_795_256_977_180_652_931n),
      ...clocks(1_162_256_987_956n, 1_795_256_999_999_999_999n),
    ]);
    expect(facts.unixMillisAtZero).toBeCloseTo(1_795_255_814_923.69, 3);
    expect((await readStream(opening())).facts.unixMillisAtZero).toBeNull();
  });
});

describe('exactness', () => {
  /** Nanoseconds as microseconds with three decimals, by whole numbers only. */
  const micros = (nanos: bigint): number =>
    Number(`${nanos / 1000n}.${String(nanos % 1000n).padStart(3, '0')}`);

  it('keeps three decimals for uptimes beyond 2^53 ns, on every kind of clock', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 0n, max: 2n ** 62n }),
        fc.bigInt({ min: 0n, max: 2n ** 40n }),
        async (base, step) => {
          const clocks = [
            { id: 3, time: base },
            { id: 64, time: base, incremental: true },
            { id: 65, time: base },
          ];
          const times = await timesOf(clocks, at(step), at(base + step, 65), at(base + step, 3));
          // Equal moments are equal numbers, on whatever clock they came.
          expect(new Set(times).size).toBe(1);
          const right = micros(base + step);
          expect(Math.abs(times[0] - right)).toBeLessThanOrEqual(right * Number.EPSILON);
        },
      ),
    );
  });
});
