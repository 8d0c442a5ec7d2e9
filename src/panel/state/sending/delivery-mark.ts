/** How it stands with what was sent of a recording, in a word beside it. */

/** Of all that was sent of a recording: what needs its user goes first. */
export type DeliveryMark = 'parked' | 'on-its-way' | 'delivered';

export const MARK_WORDS: Readonly<Record<DeliveryMark, string>> = {
  parked: 'not sent',
  'on-its-way': 'sending',
  delivered: 'sent',
};
