/**
 * Source code from outside: a worker that holds a text, and files from servers.
 * In: addresses, in answer to a press (Chrome asks the user for leave only then). Out: their texts, or why there is none.
 * Leave is asked for those origins alone, all at once, and kept: Chrome lists them among the extension's sites, where it is
 * taken back. No cookie goes with a request, and what is redirected to another origin is not followed there.
 */
import browser from 'webextension-polyfill';
import { fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import { startTextDesk } from '../../engine/scripts/text-desk.ts';
import type { SourceDoor } from '../state/source/source-view.ts';
import { askWhyFailed } from './why-failed.ts';

/** A map holds all its sources: the largest seen have some 50 MB. */
const MOST_BYTES = 1 << 28;

export const sourceDoor: SourceDoor = { startText: startTextDesk, fetchTexts };

async function fetchTexts(urls: readonly string[]): Promise<Result<readonly Result<string>[]>> {
  const origins = [...new Set(urls.filter(isServed).map((url) => new URL(url).origin))];
  if (origins.length > 0) {
    const refused = await askLeave(origins);
    if (!refused.ok) return refused;
  }
  return succeed(await Promise.all(urls.map(fetchText)));
}

const isServed = (url: string): boolean => /^https?:/i.test(url) && URL.canParse(url);

async function askLeave(origins: readonly string[]): Promise<Result<undefined>> {
  const subject = origins.join(', ');
  try {
    const isAllowed = await browser.permissions.request({ origins: origins.map((origin) => `${origin}/*`) });
    return isAllowed ? succeed(undefined) : fail(makeFailure('source-not-allowed', { subject }));
  } catch (error) {
    return fail(makeFailure('source-not-fetched', { subject, detail: String(error) }));
  }
}

async function fetchText(url: string): Promise<Result<string>> {
  const subject = url.length > 200 ? `${url.slice(0, 200)}…` : url;
  const notFetched = (detail: string) => fail(makeFailure('source-not-fetched', { subject, detail }));
  if (!isServed(url)) return notFetched(`${url.split(':', 1)[0]}: is no address of a server`);
  // Several may be asked for at a time: a fragment, which is not sent, tells them apart.
  const named = `${url.replace(/#.*$/s, '')}#${crypto.randomUUID()}`;
  try {
    const response = await fetch(named, { credentials: 'omit', cache: 'force-cache' });
    if (!response.ok) return notFetched(`the server answered ${response.status}`);
    if (Number(response.headers.get('content-length') ?? 0) > MOST_BYTES)
      return fail(makeFailure('source-too-big', { subject }));
    return succeed(await response.text());
  } catch (error) {
    const word = await askWhyFailed(named);
    if (word !== null && NOT_SECURE.test(word))
      return fail(makeFailure('source-not-secure', { subject, detail: word }));
    return notFetched(word ?? String(error));
  }
}

/** Chrome's words for a certificate that it does not trust, and for a server that speaks no TLS. */
const NOT_SECURE = /ERR_(CERT|SSL)_/;
