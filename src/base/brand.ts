/**
 * Units and row indices that must not be mixed up.
 * In: nothing. Out: types only, and the one cast per index type. Refuses: arithmetic (indices are for reading).
 */

declare const brand: unique symbol;
/** A number or string that the type checker tells apart from its like. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Microseconds on the trace's own clock (the file's `ts`), fractions allowed. Not counted from the trace's start. */
export type Micros = number;
/** Milliseconds of duration, or from navigation start where the name says so. */
export type Millis = number;
/** Milliseconds since the Unix epoch. */
export type UnixMillis = number;

/** A row of {@link SliceTable}; -1 is none. */
export type SliceIndex = Brand<number, 'SliceIndex'>;
/** A row of {@link ThreadTable}; -1 is none. */
export type ThreadIndex = Brand<number, 'ThreadIndex'>;
/** A row of the string table; -1 is none. */
export type StringIndex = Brand<number, 'StringIndex'>;
/** A row of {@link FrameTable}; -1 is none. */
export type FrameIndex = Brand<number, 'FrameIndex'>;
/** A row of {@link StackTable}; -1 is none. */
export type StackIndex = Brand<number, 'StackIndex'>;

export const sliceIndex = (row: number): SliceIndex => row as SliceIndex;
export const threadIndex = (row: number): ThreadIndex => row as ThreadIndex;
export const stringIndex = (row: number): StringIndex => row as StringIndex;
export const frameIndex = (row: number): FrameIndex => row as FrameIndex;
export const stackIndex = (row: number): StackIndex => row as StackIndex;
