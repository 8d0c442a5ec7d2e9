/**
 * Vite plugin: `import vitalsSource from 'virtual:pageflame-vitals'` gives the text of one self-contained script, built
 * from src/capture/injected/vitals.ts with all that it imports (web-vitals), as an IIFE: what
 * `Page.addScriptToEvaluateOnNewDocument` takes. Used by the extension's build, the command line's and vitest alike, so
 * that all three inject the same script.
 * In: that entry file. Out: a module whose default export is a string. Refuses: a script that needs a second file.
 * The module's type is declared in types/virtual-modules.d.ts.
 */
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const MODULE = 'virtual:pageflame-vitals';
const RESOLVED = `\0${MODULE}`;
const ENTRY = fileURLToPath(new URL('../../src/capture/injected/vitals.ts', import.meta.url));

/** Builds the injected script; `files` are the sources that went into it. */
async function buildVitals(target: string): Promise<{ code: string; files: string[] }> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target,
      minify: true,
      lib: { entry: ENTRY, formats: ['iife'], name: 'pageflameVitals' },
    },
  });
  const [output, ...rest] = Array.isArray(built)
    ? built.flatMap((part) => part.output)
    : 'output' in built
      ? built.output
      : [];
  if (output?.type !== 'chunk' || rest.length > 0)
    throw new Error(`${ENTRY} must build to exactly one script`);
  return {
    code: output.code,
    files: output.moduleIds.filter((id) => id.startsWith('/') || /^[A-Za-z]:/.test(id)),
  };
}

/** `target`: the oldest browser that runs the script, in Vite's words (`chrome120`). */
export function vitalsSource(target: string): Plugin {
  return {
    name: 'pageflame:vitals-source',
    resolveId: (id) => (id === MODULE ? RESOLVED : null),
    async load(id) {
      if (id !== RESOLVED) return null;
      const { code, files } = await buildVitals(target);
      for (const file of files) this.addWatchFile(file);
      return `export default ${JSON.stringify(code)};`;
    },
  };
}
