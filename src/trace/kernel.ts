/**
 * The kernel's door: the WebAssembly in src/trace/kernel, and what it asks of JavaScript.
 * In: nothing. Out: a kernel with a memory of its own, for one trace; whoever opened it drops it when the trace is read,
 * for a kernel's memory only grows.
 */
import base64 from 'virtual:pageflame-kernel';

/** What the kernel exports (src/trace/kernel/index.ts). Addresses are unsigned 32-bit numbers in its memory. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  setInputEnd(end: number): void;
  skipSpace(at: number): number;
  skipString(at: number): number;
  skipValue(at: number): number;
}

export async function openKernel(): Promise<KernelExports> {
  const code = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(code, {});
  // The compiler checked that the kernel exports these.
  return instance.exports as unknown as KernelExports;
}
