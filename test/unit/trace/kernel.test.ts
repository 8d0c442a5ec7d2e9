/** The kernel's first words: what skips over JSON bytes in WebAssembly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openKernel } from '../../../src/trace/kernel.ts';
import { utf8 } from '../../builders/trace.ts';

/** Positions behind the value that begins at 0: 0 is out of bytes, -1 no JSON. */
async function skipper(): Promise<(text: string, length?: number) => number> {
  const kernel = await openKernel();
  const start = kernel.allocate(1 << 20);
  return (text, length) => {
    const bytes = utf8(text);
    new Uint8Array(kernel.memory.buffer, start, bytes.length).set(bytes);
    kernel.setInputEnd(start + (length ?? bytes.length));
    const after = kernel.skipValue(start) >>> 0;
    return after === 0 ? 0 : after === 1 ? -1 : after - start;
  };
}

test('any JSON value is passed over exactly, and any cut-off part of it is out of bytes', async () => {
  const skip = await skipper();
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, cut) => {
      const { length } = utf8(text);
      expect(skip(`${text},`)).toBe(length);
      if (cut % length > 0) expect(skip(text, cut % length)).toBe(0);
    }),
    { numRuns: 1000 },
  );
});
