/**
 * The DevTools page: adds the Pageflame panel to this DevTools window, and nothing else. It is loaded with every
 * DevTools window, so it stays small. In: nothing. Out: one panel.
 */
import browser from 'webextension-polyfill';

// Beside this page in the build, wherever the build puts both; the API wants it from the extension's root.
const page = new URL('./panel.html', location.href).pathname;

void browser.devtools.panels.create('Pageflame', '', page);
