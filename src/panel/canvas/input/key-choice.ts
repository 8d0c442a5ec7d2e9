/** Whose keys the charts answer to, for all charts of the page: the user's settings, DevTools' keys without them. */
import { createContext } from 'preact';
import { DEFAULT_SETTINGS, type KeySettings } from '../../../settings/index.ts';

export const KeyChoice = createContext<KeySettings>(DEFAULT_SETTINGS.keys);
