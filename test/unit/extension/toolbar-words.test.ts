/** What the toolbar button says in every state. */
import { describe, expect, it } from 'vitest';
import { makeFailure } from '../../../src/base/index.ts';
import type { RecorderState } from '../../../src/extension/messages.ts';
import { buttonFace, noticeOf } from '../../../src/extension/toolbar-words.ts';

const IDLE: RecorderState = {
  phase: 'idle',
  tabId: null,
  tabTitle: '',
  recording: null,
  startedAt: null,
  bufferFill: null,
  savedBytes: 0,
  happenings: [],
  failure: null,
  finished: null,
};
const RECORDING: RecorderState = {
  ...IDLE,
  phase: 'recording',
  tabId: 7,
  tabTitle: 'Cart',
  startedAt: 1_000,
};
const REFUSED = makeFailure('tab-forbidden', { subject: 'chrome://version/' });

describe('the toolbar button', () => {
  it.each([
    [IDLE, ''],
    [{ ...IDLE, failure: REFUSED }, '!'],
    [{ ...RECORDING, phase: 'starting', startedAt: null }, '…'],
    [RECORDING, '12s'],
    [{ ...RECORDING, bufferFill: 0.4 }, '12s'],
    [{ ...RECORDING, bufferFill: 0.8 }, '80%'],
    [{ ...RECORDING, phase: 'stopping' }, 'end'],
    [{ ...RECORDING, phase: 'saving' }, 'save'],
  ] as const)('has a short badge for %#', (state, badge) => {
    const face = buttonFace(state, 13_500);
    expect(face.badge).toBe(badge);
    expect(face.badge.length).toBeLessThanOrEqual(4);
  });

  it('tells state, seconds and fill in its title', () => {
    const { title } = buttonFace({ ...RECORDING, bufferFill: 0.416 }, 13_500);
    expect(title).toBe('Pageflame records “Cart”: 12 s, trace buffer 42 % full. Press again to stop.');
  });

  it('says why there is no recording', () => {
    expect(buttonFace({ ...IDLE, failure: REFUSED }, 0).title).toContain(REFUSED.message);
    expect(noticeOf({ ...IDLE, failure: REFUSED }, 0)).toEqual({
      heading: 'Not recorded',
      text: REFUSED.message,
      offersStop: false,
    });
  });

  it('says in another tab which tab is recorded, and offers to stop it', () => {
    const notice = noticeOf(RECORDING, 13_500);
    expect(notice.text).toContain('“Cart”');
    expect(notice.offersStop).toBe(true);
  });

  it('offers no stop of what has been stopped', () => {
    for (const phase of ['stopping', 'saving'] as const)
      expect(noticeOf({ ...RECORDING, phase }, 13_500).offersStop).toBe(false);
  });

  it('shortens long titles, by letters and not by halves of them', () => {
    const { title } = buttonFace({ ...RECORDING, tabTitle: '🔥'.repeat(200) }, 13_500);
    expect([...title].filter((letter) => letter === '🔥')).toHaveLength(59);
    expect(title).toContain('…”');
  });
});
