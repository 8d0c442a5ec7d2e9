/**
 * The engine's worker: one engine over this profile's library, asked through the worker's own port.
 * Entry point; started by client.ts.
 */
import { Library } from '../recording/library.ts';
import { Engine } from './engine.ts';
import { type HostPort, hostEngine } from './host.ts';
import { makeOpfsSpool, removeLeftSpools } from './opening/spool-file.ts';
import { EndableMatcher } from './search/text-matcher.ts';

// This file compiles with the DOM's types, where the global scope is a window; here it is a worker's.
declare const self: HostPort;

const matcher = new EndableMatcher(
  () =>
    new Worker(new URL('./search/match-worker.ts', import.meta.url), {
      type: 'module',
      name: 'pageflame-matcher',
    }),
);

hostEngine(new Engine({ library: new Library(), matcher, makeSpool: makeOpfsSpool }), self);
// Storage may be refused here altogether; then there is nothing to remove, either.
removeLeftSpools().catch(() => undefined);
