/** A plain inverted index over the walks' texts. */
export function buildIndex(walks) {
  const index = new Map();
  for (const walk of walks) {
    for (const word of wordsOf(`${walk.name} ${walk.story}`)) addWord(index, word, walk);
  }
  return index;
}

export function findWalks(index, word) {
  return [...(index.get(word) ?? [])].sort((a, b) => score(b) - score(a));
}

function wordsOf(text) {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}

function addWord(index, word, walk) {
  for (let length = 3; length <= word.length; length++) {
    const begin = word.slice(0, length);
    const found = index.get(begin);
    if (found === undefined) index.set(begin, new Set([walk]));
    else found.add(walk);
  }
}

function score(walk) {
  return Math.sqrt(walk.climb) / walk.hours + walk.kilometres / 10;
}
