/**
 * What Chrome's own error texts mean. In: the text of a refused attach or command (as Chromium 156 words it; each seen,
 * see chromium-facts) and the page it was about. Out: a {@link Failure} of ours, with that text as its detail.
 */
import { type Failure, type FailureCode, makeFailure } from '../base/index.ts';
import { isObject, parseJson } from './protocol-values.ts';

type Meaning = readonly [pattern: RegExp, code: FailureCode];

const ATTACH: readonly Meaning[] = [
  [/Another debugger is already attached/i, 'tab-busy'],
  // Said of the tab's own address and of any frame in it alike; the first is settled before this table is asked.
  [/chrome-extension:\/\/ URL of different extension/i, 'extension-frame'],
  [
    /restricted by policy|ExtensionsSettings policy|blocked by (your )?(administrator|policy)/i,
    'policy-refused',
  ],
  [/Cannot (access|attach)|gallery cannot be scripted|must request permission/i, 'tab-forbidden'],
  [/No (tab|target) with given id/i, 'tab-gone'],
];

const TRACING: readonly Meaning[] = [[/already been started/i, 'tracing-busy']];

/** A session that is gone, as `chrome.debugger` and Playwright say it. */
const SESSION_GONE =
  /Debugger is not attached|Detached while handling|No (tab|target) with given id|Target closed|has been closed|Session closed/i;

export function attachFailure(error: unknown, url: string): Failure {
  const detail = protocolText(error);
  if (/^(chrome-extension|devtools|chrome|edge|brave|view-source):/i.test(url))
    return makeFailure('tab-forbidden', { subject: url, detail });
  const code = codeOf(meaningOf(detail, ATTACH) ?? 'attach-refused', url);
  const subject = code === 'tab-forbidden' && isShownByChrome(detail, url) ? nameOfChromes(url) : url;
  return makeFailure(code, { subject, detail });
}

/** Files are kept from extensions by a switch that is the user's own. */
const codeOf = (code: FailureCode, url: string): FailureCode =>
  code === 'tab-forbidden' && /^file:/i.test(url) ? 'files-forbidden' : code;

/** A tab keeps the address that was asked for while Chrome shows a page of its own there: a certificate that is not trusted. */
const isShownByChrome = (detail: string, url: string): boolean =>
  /^https?:/i.test(url) && /Cannot (access a chrome|attach)/i.test(detail);

const nameOfChromes = (url: string): string =>
  `what Chrome itself shows at ${url} (a warning or an error page)`;

export function tracingFailure(detail: string, url: string): Failure {
  return makeFailure(meaningOf(detail, TRACING) ?? 'tracing-refused', { subject: url, detail });
}

/** Whether the text says that the session to the page has ended. */
export const isSessionGone = (detail: string): boolean => SESSION_GONE.test(detail);
/**
 * Whether the text says that the tab is between two documents (seen on a page that reloads itself): the command is good
 * again in a moment.
 */
export const isBetweenPages = (detail: string): boolean => /Not attached to an active page/i.test(detail);

/** Whether attaching was refused because this very extension is attached. */
export const isAttachedAlready = (error: unknown): boolean =>
  meaningOf(protocolText(error), ATTACH) === 'tab-busy';

/** Chrome's words without their wrapping: `chrome.debugger` rejects with `{"code":-32000,"message":"…"}` as text. */
export function protocolText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const parsed = text.startsWith('{') ? parseJson(text) : null;
  return isObject(parsed) && typeof parsed.message === 'string' ? parsed.message : text;
}

function meaningOf(text: string, meanings: readonly Meaning[]): FailureCode | null {
  return meanings.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
