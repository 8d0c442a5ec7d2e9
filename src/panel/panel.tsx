/** The DevTools panel's entry. In: the inspected tab, DevTools' theme. Out: the app, mounted. */
import { mountApp } from './mount.tsx';
import { panelMemory } from './outside/memory.ts';

// webextension-polyfill knows no way to hear of a theme change in Chrome, so this one door says `chrome`.
const { inspectedWindow, panels } = chrome.devtools;
const { tabId } = inspectedWindow;

mountApp({
  place: { kind: 'panel', tabId },
  memory: panelMemory(tabId),
  devtools: panels,
  asked: null,
});
