/**
 * The backends' door with the real browser behind it. Loaded when it is first asked for (mount.tsx).
 * In: what to do with failures. Out: a BackendsDoor.
 */
import browser from 'webextension-polyfill';
import { browserWire, DestinationBook } from '../../backends/index.ts';
import type { Failure } from '../../base/index.ts';
import type { BackendsDoor } from '../state/doors.ts';
import { createBackendsDoor, type OriginLeave } from './backends-door.ts';
import { prepareInWorker } from './planner.ts';
import { askWhyFailed } from './why-failed.ts';

export function openBackendsDoor(onFailure: (failure: Failure) => void): Promise<BackendsDoor> {
  return createBackendsDoor({
    book: new DestinationBook(),
    leave: browserLeave,
    wire: browserWire(askWhyFailed),
    prepare: prepareInWorker,
    onFailure,
  });
}

const browserLeave: OriginLeave = {
  contains: (origins) => browser.permissions.contains({ origins: [...origins] }),
  request: (origins) => browser.permissions.request({ origins: [...origins] }),
  // Chrome gives back only what was asked for: not what a policy, or its user on Chrome's own page, gave.
  remove: (origins) => browser.permissions.remove({ origins: [...origins] }).catch(() => false),
  listen(listener) {
    browser.permissions.onAdded.addListener(listener);
    browser.permissions.onRemoved.addListener(listener);
  },
};
