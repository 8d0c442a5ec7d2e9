/**
 * The second door of backends/: what is kept of backends and deliveries, without what packs and sends them. For the
 * service worker, which Chrome starts often and which sends nothing itself.
 */
export { type Backend, originPatterns } from './book/backend.ts';
export { DestinationBook } from './book/destination-book.ts';
export { isMeant } from './book/rule.ts';
export { DeliveryDatabase } from './delivery/database.ts';
export { PATIENCE_MILLIS } from './delivery/delivery.ts';
