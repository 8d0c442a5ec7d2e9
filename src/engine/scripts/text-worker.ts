/**
 * The worker that holds the text of a source view (text-desk.ts). Entry point. The pretty-printer is loaded when it is
 * first wanted.
 * In: asks about the one text. Out: an answer each, in order.
 */
import { answerText, type TextShelf } from './text-answers.ts';
import type { TextAnswer, TextAsk } from './text-questions.ts';

interface TextScope {
  postMessage(answer: TextAnswer): void;
  onmessage: ((event: MessageEvent<TextAsk>) => void) | null;
}

// This file compiles with the DOM's types, where the global scope is a window; here it is a worker's.
declare const self: TextScope;

async function prettyPrint(text: string): Promise<string> {
  const { js_beautify: beautify } = await import('js-beautify/js/lib/beautify.js');
  return beautify(text, { indent_size: 2, max_preserve_newlines: 2, break_chained_methods: false });
}

function answerOn(scope: TextScope): void {
  const shelf: TextShelf = { raw: null, pretty: null };
  let before: Promise<void> = Promise.resolve();
  scope.onmessage = ({ data }) => {
    before = before.then(async () => {
      scope.postMessage({ ask: data.ask, answer: await answerText(shelf, data, prettyPrint) });
    });
  };
}

answerOn(self);
