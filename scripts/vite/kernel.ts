/**
 * Vite plugin: `import kernel from 'virtual:pageflame-kernel'` gives the trace kernel (src/trace/kernel, AssemblyScript)
 * compiled to WebAssembly, as a function that gives its bytes: no second file to find, so that the extension's worker, the
 * command line, the bench and vitest load it alike. src/trace/kernel.ts is its one reader.
 * In: src/trace/kernel/index.ts with all that it imports. Out: a module whose default export is that function, with the bytes
 * as base64 text inside. The text is read once, by code that nothing has compiled: Node's own reader takes a twentieth of the
 * time of a loop, and browsers have none.
 * Refuses: sources that do not compile, with the compiler's own words.
 * The module's type is declared in types/virtual-modules.d.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import type { Plugin } from 'vite';

const MODULE = 'virtual:pageflame-kernel';
const RESOLVED = `\0${MODULE}`;
const SOURCES = fileURLToPath(new URL('../../src/trace/kernel', import.meta.url));
/** `stub`: the kernel has an allocator of its own (memory.ts) and no garbage collector. */
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--maximumMemory', '65536'];

/** A plain loop: `Uint8Array.from` takes ten times as long where it runs once. */
const READ_TEXT = `function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}`;

/** Imports carry `.ts` as everywhere in the house; the compiler adds its own, and takes `x` and `x.ts` for two modules. */
function readSource(name: string, folder: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8').replaceAll(/( from '\.\/[\w-]+)\.ts'/g, "$1'");
  } catch {
    // The compiler asks for several places in turn; null says that this is none.
    return null;
  }
}

async function compileKernel(): Promise<Uint8Array> {
  let compiled: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', SOURCES, '--outFile', 'kernel.wasm', ...OPTIONS],
    {
      readFile: readSource,
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') compiled = contents;
      },
    },
  );
  if (error !== null || compiled === null) throw new Error(`${SOURCES} does not compile:\n${stderr}`);
  return compiled;
}

export function traceKernel(): Plugin {
  return {
    name: 'pageflame:trace-kernel',
    resolveId: (id) => (id === MODULE ? RESOLVED : null),
    async load(id, options) {
      if (id !== RESOLVED) return null;
      for (const file of readdirSync(SOURCES)) this.addWatchFile(join(SOURCES, file));
      const text = JSON.stringify(Buffer.from(await compileKernel()).toString('base64'));
      return options?.ssr === true
        ? `export default () => Buffer.from(${text}, 'base64');`
        : `${READ_TEXT}\nexport default () => bytesOf(${text});`;
    },
  };
}
