/**
 * The deliveries' door with the real browser behind it. Loaded when it is first asked for (mount.tsx).
 * Out: a DeliveriesDoor; the service worker opens the page that sends.
 */
import browser from 'webextension-polyfill';
import { DeliveryDatabase } from '../../backends/index.ts';
import type { ServiceQuestion } from '../../extension/messages.ts';
import type { DeliveriesDoor } from '../state/doors.ts';
import { createDeliveriesDoor } from './deliveries-door.ts';

export async function openDeliveriesDoor(): Promise<DeliveriesDoor> {
  const question: ServiceQuestion = { type: 'wake-delivery' };
  return createDeliveriesDoor({
    database: await DeliveryDatabase.open(),
    wake: () => browser.runtime.sendMessage(question),
  });
}
