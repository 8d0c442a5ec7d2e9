/**
 * speedscope's own importer, taken out of its package.
 * In: a file's name and bytes. Out: what it makes of them. Its package holds the app as one minified file; everything from
 * where the app itself begins is cut off.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * @typedef {object} ImportedProfile
 * @property {() => string} getName
 * @property {() => string} getWeightUnit
 * @property {() => number} getTotalWeight
 * @property {(each: (frame: ImportedFrame) => void) => void} forEachFrame
 *
 * @typedef {object} ImportedFrame
 * @property {string} name
 * @property {string | undefined} file
 * @property {number | undefined} line
 * @property {() => number} getSelfWeight
 * @property {() => number} getTotalWeight
 *
 * @typedef {object} Importer
 * @property {(name: string, bytes: ArrayBuffer) => Promise<{ profiles: ImportedProfile[] }>} importProfilesFromArrayBuffer
 */

/** @returns {Importer} */
export function loadSpeedscope() {
  const folder = join(dirname(require.resolve('speedscope/package.json')), 'dist/release');
  const name = readdirSync(folder).find((file) => /^speedscope-.*\.js$/.test(file)) ?? '';
  const text = readFileSync(join(folder, name), 'utf8');
  const importer = [
    ...text.matchAll(/var [\w$]+=Promise\.resolve\(\)\.then\((\(\)=>\([\w$]+\(\),[\w$]+\))\);/g),
  ];
  if (importer.length !== 1) throw new Error(`${name}: the importer is not where it was in speedscope 1.25`);
  const nothing = () => undefined;
  Object.assign(globalThis, {
    window: { location: { hash: '', protocol: 'file:' }, addEventListener: nothing },
    matchMedia: () => ({ matches: false, addEventListener: nothing, addListener: nothing }),
    document: { createElement: () => ({ getContext: () => null, style: {} }), addEventListener: nothing },
  });
  const script = `${text.slice(0, importer[0].index)}globalThis.speedscopeImporter=${importer[0][1]};})();`;
  new Function(script)();
  return /** @type {any} */ (globalThis).speedscopeImporter();
}
