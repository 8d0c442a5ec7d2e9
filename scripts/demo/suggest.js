/** A worker that finds the walk which is most like all others: every pair is compared. */
function similarity(a, b) {
  return (
    1 /
    (1 +
      Math.abs(a.climb - b.climb) / 100 +
      Math.abs(a.kilometres - b.kilometres) +
      Math.abs(a.hours - b.hours))
  );
}

function findTypical(walks) {
  let best = walks[0];
  let most = 0;
  for (const walk of walks) {
    let total = 0;
    for (const other of walks) total += similarity(walk, other);
    if (total > most) {
      most = total;
      best = walk;
    }
  }
  return best;
}

addEventListener('message', ({ data }) => postMessage(findTypical(data.slice(0, 2500)).name));
