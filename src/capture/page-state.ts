/**
 * Asks the page what only it knows. In: a session. Out: facts, checked for shape; null where the page does not answer
 * (a hung or crashed renderer, a document without scripts). Everything that a page says of itself is just text.
 */
import vitalsScript from 'virtual:pageflame-vitals';
import { type Result, succeed, type UnixMillis } from '../base/index.ts';
import { withoutCredentials } from '../recording/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import { PAGE_WORLD, REPORT_BINDING, SETTLE_FUNCTION, STOPPED_AT } from './page-reports.ts';
import { isObject, parseJson, readList, readNumber, readObject, readText } from './protocol-values.ts';

export interface PageState {
  /** When this document's navigation began. */
  readonly origin: UnixMillis;
  readonly loaded: boolean;
  readonly contentType: string;
}

const STATE_EXPRESSION = `JSON.stringify({
  origin: performance.timeOrigin, ready: document.readyState, type: document.contentType })`;
/** A page in its load may be busy for long; this is asked before and after it, and may go unanswered. */
const STATE_MILLIS = 2_000;
const SETTLE_MILLIS = 1_000;
/** Names our script in stack traces and profiles, so that its cost is never taken for the page's. */
const SOURCE_NAME = '\n//# sourceURL=pageflame-vitals.js';

/** Lets our script report. Bindings do so only while Runtime is enabled (seen). */
export const REPORTING = [
  { method: 'Runtime.enable', optional: true },
  {
    method: 'Runtime.addBinding',
    params: { name: REPORT_BINDING, executionContextName: PAGE_WORLD },
    optional: true,
  },
] as const;

/** The script that measures vitals, as it is injected. */
export const VITALS_SOURCE = vitalsScript + SOURCE_NAME;

/** Fails only where the session itself is gone. */
export async function readPageState(commands: Commands): Promise<Result<PageState | null>> {
  const params = { expression: STATE_EXPRESSION, returnByValue: true };
  const reply = await commands.send('Runtime.evaluate', params, STATE_MILLIS);
  if (!reply.ok) return commands.isOver(reply.failure) ? reply : succeed(null);
  const state = parseJson(readText(readObject(reply.value, 'result'), 'value'));
  if (!isObject(state)) return succeed(null);
  const origin = readNumber(state, 'origin');
  if (origin === null) return succeed(null);
  return succeed({
    origin,
    loaded: readText(state, 'ready') === 'complete',
    contentType: readText(state, 'type'),
  });
}

/** Address and title as the tab shows them: the browser answers this, even for a page that hangs. */
export async function readAddress(commands: Commands): Promise<{ url: string; title: string } | null> {
  const reply = await commands.send('Page.getNavigationHistory', {}, STATE_MILLIS);
  if (!reply.ok) return null;
  const index = readNumber(reply.value, 'currentIndex') ?? -1;
  const shown: CdpParams | undefined = readList(reply.value, 'entries')[index];
  if (shown === undefined) return null;
  return { url: withoutCredentials(readText(shown, 'url')), title: readText(shown, 'title') };
}

/**
 * Has the page tell its vitals up to `stoppedAt`, and starts the heartbeat. Chrome keeps the entries that vitals are made
 * of, so that our script need not run before: it costs the load nothing, and the trace is over. Where it runs already
 * (the page was recorded as it stood), it reports what it holds back.
 */
export async function settlePage(commands: Commands, stoppedAt: UnixMillis): Promise<void> {
  const tree = await commands.send('Page.getFrameTree', {}, SETTLE_MILLIS);
  if (!tree.ok) return;
  const frameId = readText(readObject(readObject(tree.value, 'frameTree'), 'frame'), 'id');
  const world = await commands.send(
    'Page.createIsolatedWorld',
    { frameId, worldName: PAGE_WORLD },
    SETTLE_MILLIS,
  );
  if (!world.ok) return;
  // Not waited for: the script is sent behind them, and finds the binding there.
  for (const step of REPORTING)
    void commands.send(step.method, 'params' in step ? step.params : {}, SETTLE_MILLIS);
  const contextId = readNumber(world.value, 'executionContextId');
  const expression = `globalThis.${STOPPED_AT} ??= ${stoppedAt}; ${VITALS_SOURCE}`;
  await commands.send('Runtime.evaluate', { expression, contextId }, SETTLE_MILLIS);
  const settle = { expression: `globalThis.${SETTLE_FUNCTION}?.()`, contextId, awaitPromise: true };
  await commands.send('Runtime.evaluate', settle, SETTLE_MILLIS);
}
