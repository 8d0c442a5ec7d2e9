/** The kernel's door: what src/trace/kernel.ts may call. */

export { setInputEnd, skipSpace, skipString, skipValue } from './bytes.ts';
export { allocate } from './memory.ts';
