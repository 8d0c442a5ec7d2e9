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

  /** Those that the panel never meets. */
  const OF_THE_COMMAND_LINE: readonly string[] = [
    'profile-not-trace',
    'profile-without-thread',
    'profile-without-moments',
    'profile-not-summed',
    'output-is-input',
    'no-main-thread',
    'no-such-thread',
    'no-such-function',
    'range-outside',
    'browser-not-found',
    'browser-failed',
  ];

  test.each(failureCodes.filter((code) => !OF_THE_COMMAND_LINE.includes(code)))(
    '%s names nothing that only the command line has',
    (code) => expect(makeFailure(code).message).not.toMatch(/--\w|`|PAGEFLAME_/),
  );

  test('that names nothing still reads as a sentence', () => {
    expect(makeFailure('file-empty').message).toBe(
      'It is empty: there is no trace in it. Save or copy it again.',
    );
  });
});
