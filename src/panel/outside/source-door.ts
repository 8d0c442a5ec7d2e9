/**
 * Source code from outside: a worker that holds a text, and files from servers.
 * In: an address, in answer to a press (Chrome asks the user for leave only then). Out: its text, or why there is none.
 * Leave is asked for that origin alone, and kept: Chrome lists it among the extension's sites, where it is taken back.
 * No cookie goes with the request, and what is redirected to another origin is not followed there.
 */
import browser from 'webextension-polyfill';
import { fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import { startTextDesk } from '../../engine/text-desk.ts';
import type { SourceDoor } from '../state/source-view.ts';

/** A map holds all its sources: the largest seen have some 50 MB. */
const MOST_BYTES = 1 << 28;

export const sourceDoor: SourceDoor = { startText: startTextDesk, fetchText };

async function fetchText(url: string): Promise<Result<string>> {
  const { origin, protocol } = new URL(url);
  const subject = url.length > 200 ? `${url.slice(0, 200)}…` : url;
  if (protocol !== 'http:' && protocol !== 'https:')
    return fail(
      makeFailure('source-not-fetched', { subject, detail: `${protocol} is no address of a server` }),
    );
  try {
    const isAllowed = await browser.permissions.request({ origins: [`${origin}/*`] });
    if (!isAllowed) return fail(makeFailure('source-not-allowed', { subject: origin }));
    const response = await fetch(url, { credentials: 'omit', cache: 'force-cache' });
    if (!response.ok)
      return fail(
        makeFailure('source-not-fetched', { subject, detail: `the server answered ${response.status}` }),
      );
    if (Number(response.headers.get('content-length') ?? 0) > MOST_BYTES)
      return fail(makeFailure('source-too-big', { subject }));
    return succeed(await response.text());
  } catch (error) {
    return fail(makeFailure('source-not-fetched', { subject, detail: String(error) }));
  }
}
