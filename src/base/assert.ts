/**
 * Bugs, not bad input: an assertion that fails is a mistake of ours and throws to the one reporter.
 * Expected failures are a {@link Failure}; dirty trace data is counted in diagnostics.
 */

/** Throws when `condition` is false; narrows it otherwise. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Pageflame bug: ${message}`);
}

/** Returns `value`, which the caller knows to be there; throws where it is not. */
export function ensure<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new Error(`Pageflame bug: ${message}`);
  return value;
}

/** Ends an exhaustive switch: does not type-check while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`Pageflame bug: unexpected ${JSON.stringify(value)}`);
}
