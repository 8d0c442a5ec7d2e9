/**
 * The worker that matches the user's own patterns, and that is ended when one takes too long (text-matcher.ts).
 * Entry point. In: texts and patterns. Out: flags per text.
 */
import { ensure } from '../../base/index.ts';
import { compileQuery, matchTexts, type SearchTexts } from '../../flame/index.ts';
import type { MatchRequest, TextFlags } from './text-matcher.ts';

interface MatchScope {
  postMessage(flags: TextFlags, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<MatchRequest>) => void) | null;
}

// This file compiles with the DOM's types, where the global scope is a window; here it is a worker's.
declare const self: MatchScope;

function answerOn(scope: MatchScope): void {
  let texts: SearchTexts | null = null;
  scope.onmessage = ({ data }) => {
    texts = data.texts ?? texts;
    const compiled = compileQuery(data.query);
    if (!compiled.ok) throw new Error(compiled.problem);
    const flags = matchTexts(ensure(texts, 'a pattern came before any texts'), compiled.test);
    scope.postMessage(flags, [flags.buffer]);
  };
}

answerOn(self);
