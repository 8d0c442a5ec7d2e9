/** Every sentence of the one table: what happened, to what, and what to do next. */
import { describe, expect, test } from 'vitest';
import { failureCodes, makeFailure } from '../../../src/base/failure.ts';

/** Nothing is to be done: the user gave it up, or its subject says it. */
const WITHOUT_NEXT = ['cancelled', 'source-too-big'];
/** They are about what there is one of: this tab, the settings, the browser's storage. */
const WITHOUT_SUBJECT = [
  'own-page',
  'tracing-busy',
  'settings-unsaved',
  'browser-not-found',
  'backends-unstored',
  'delivery-unstored',
];

/** What one is told to do begins a sentence or a part of one. */
const NEXT =
  /[.:;,] (?:or |then |please |it |pageflame )?(?:ask|change|check|choose|close|correct|delete|download|drop|export|free|give|look|make|opens?|report|press|reload|record|run|save|send|stop|switch|test|try|unpack|update|upload|build|leave|add|`pageflame)/i;

describe('a failure', () => {
  test.each(failureCodes)('%s says what happened, and what to do', (code) => {
    const { message } = makeFailure(code, { subject: 'SUBJECT' });
    expect(message).toMatch(/^[A-Z].*\.$/);
    if (!WITHOUT_NEXT.includes(code)) expect(message).toMatch(NEXT);
    expect(message.includes('SUBJECT')).toBe(!WITHOUT_SUBJECT.includes(code));
  });

  test('that names nothing still reads as a sentence', () => {
    expect(makeFailure('file-empty').message).toBe(
      'It is empty: there is no trace in it. Save or copy it again.',
    );
  });
});
