/**
 * Keeps Chrome's debugging bar from disturbing the load. In: a session that was just attached. Out: nothing, when the
 * bar has come and the page keeps its size.
 * The bar makes the page smaller 130 to 230 ms after attaching, and moves by a few pixels at every navigation while it
 * is there (both seen, headless and not). In a load each of these is a layout that the page never asked for, and Chrome
 * counts no layout shift within half a second of one: CLS would come out too small. So the page's size is pinned to what
 * the tab really has, for as long as we are attached. A page that has another size than its tab (DevTools' device mode)
 * is left as it is: a second emulation would end the first.
 */
import type { Millis } from '../base/index.ts';
import type { CdpSession, PageArea } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import { isObject, parseJson, readNumber, readObject, readText } from './protocol-values.ts';

const ASK_MILLIS: Millis = 50;
/** So long unchanged is there to stay. */
const STEADY_MILLIS: Millis = 400;
/** A window that is resized all the time is recorded all the same. */
const LONGEST_MILLIS: Millis = 1_500;
const VIEWPORT_EXPRESSION = 'JSON.stringify({ width: innerWidth, height: innerHeight })';

export async function settleBar(session: CdpSession, commands: Commands): Promise<void> {
  if (session.pageArea === undefined) return;
  const area = await steadyArea(session.pageArea);
  if (area === null || !(await hasSize(commands, area))) return;
  const { width, height } = area;
  await commands.send('Emulation.setDeviceMetricsOverride', {
    width,
    height,
    // 0 keeps the screen's own.
    deviceScaleFactor: 0,
    mobile: false,
  });
}

/** The tab's page area when it has stopped changing. */
async function steadyArea(ask: () => Promise<PageArea | null>): Promise<PageArea | null> {
  const end = Date.now() + LONGEST_MILLIS;
  let area = await ask();
  let since = Date.now();
  while (Date.now() < end && Date.now() - since < STEADY_MILLIS) {
    await new Promise<void>((resolve) => setTimeout(resolve, ASK_MILLIS));
    const now = await ask();
    if (now?.width !== area?.width || now?.height !== area?.height) since = Date.now();
    area = now;
  }
  return area;
}

/** Whether the page is as large as `area`, to a CSS pixel. */
async function hasSize(commands: Commands, { width, height }: PageArea): Promise<boolean> {
  const metrics = await commands.send('Page.getLayoutMetrics');
  const reply = await commands.send('Runtime.evaluate', {
    expression: VIEWPORT_EXPRESSION,
    returnByValue: true,
  });
  if (!metrics.ok || !reply.ok) return false;
  const zoom = readNumber(readObject(metrics.value, 'cssVisualViewport'), 'zoom') ?? 1;
  const viewport = parseJson(readText(readObject(reply.value, 'result'), 'value'));
  if (!isObject(viewport)) return false;
  const isNear = (key: string, whole: number): boolean =>
    Math.abs((readNumber(viewport, key) ?? 0) * zoom - whole) <= zoom;
  return isNear('width', width) && isNear('height', height);
}
