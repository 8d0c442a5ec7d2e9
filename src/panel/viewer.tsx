/** The viewer page's entry. In: its address: `?recording=ID`, `#trace=ID`, `#pageflame:recording/ID`, or nothing. Out: the app, mounted. */
import { mountApp } from './mount.tsx';
import { linkInAddress, recordingInAddress, viewerMemory } from './outside/memory.ts';

mountApp({
  place: { kind: 'viewer', tabId: null },
  memory: viewerMemory,
  devtools: null,
  asked: recordingInAddress(),
  readLink: linkInAddress,
});
