/** Draws the height profile of a walk: midpoint displacement, smoothed far more often than the eye can see. */
export function drawProfile(canvas, walk) {
  const heights = smooth(makeRidge(walk.climb), 60);
  const context = canvas.getContext('2d');
  const { width, height } = canvas;
  const top = Math.max(...heights);
  for (let layer = 0; layer < 5; layer++) paintRidge(context, heights, { width, height, top, layer });
}

function makeRidge(seed) {
  let ridge = [0.2, 0.6];
  let state = seed;
  for (let spread = 0.5; ridge.length < 4096; spread *= 0.55) {
    ridge = ridge.flatMap((value, index) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const next = ridge[index + 1] ?? value;
      return [value, (value + next) / 2 + (state / 2 ** 32 - 0.5) * spread];
    });
  }
  return ridge;
}

function smooth(values, turns) {
  let smoothed = values;
  for (let turn = 0; turn < turns; turn++) {
    smoothed = smoothed.map(
      (value, index) => (value + (smoothed[index - 1] ?? value) + (smoothed[index + 1] ?? value)) / 3,
    );
  }
  return smoothed;
}

function paintRidge(context, heights, { width, height, top, layer }) {
  context.beginPath();
  context.moveTo(0, height);
  for (const [index, value] of heights.entries()) {
    context.lineTo((index / heights.length) * width, height - (value / top) * height * (0.9 - layer * 0.14));
  }
  context.lineTo(width, height);
  context.fillStyle = `hsl(${210 - layer * 8} 32% ${72 - layer * 12}%)`;
  context.fill();
}
