/**
 * What runs inside the measured page; each function is sent there as text and sees nothing of this module.
 * `watchFrames` goes in before any script of the page: it times what the page does in its frames. `driveFrames` moves a
 * chart by wheel events, one in each frame, as a hand does.
 */

/**
 * Per frame: `work` is our JavaScript (callbacks of the frame and the event that asked for it), `busy` runs from the
 * frame's first callback to the next task of the thread, rasterising included.
 */
export function watchFrames() {
  const frames = { work: 0, from: 0, log: /** @type {number[][]} */ ([]), on: false };
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    if (frames.on) frames.log.push([frames.work, performance.now() - frames.from, frames.from]);
    frames.work = 0;
    frames.from = 0;
  };
  const ask = globalThis.requestAnimationFrame.bind(globalThis);
  const begin = () => {
    if (frames.from > 0) return;
    frames.from = performance.now();
    channel.port2.postMessage(0);
  };
  globalThis.requestAnimationFrame = (callback) =>
    ask((time) => {
      begin();
      const before = performance.now();
      callback(time);
      frames.work += performance.now() - before;
    });
  Object.assign(globalThis, { benchFrames: frames, benchAsk: ask, benchBegin: begin });
}

/**
 * @param {{ selector: string, frames: number }} options
 * @returns {Promise<number[][]>} Per frame work, busy, begin.
 */
export function driveFrames({ selector, frames: count }) {
  const { benchFrames: frames, benchAsk: ask, benchBegin: begin } = /** @type {any} */ (globalThis);
  const root = document.querySelector(selector);
  if (root === null) throw new Error(`there is no ${selector}`);
  const box = root.getBoundingClientRect();
  const middle = { clientX: box.left + box.width * 0.4, clientY: box.top + box.height * 0.5 };
  const target = document.elementFromPoint(middle.clientX, middle.clientY) ?? root;
  const common = { bubbles: true, cancelable: true, composed: true };
  const turn = (/** @type {WheelEventInit} */ init) =>
    target.dispatchEvent(new WheelEvent('wheel', { ...common, ...middle, ...init }));
  target.dispatchEvent(
    new PointerEvent('pointermove', { ...common, ...middle, pointerId: 1, pointerType: 'mouse' }),
  );
  target.dispatchEvent(new MouseEvent('mousemove', { ...common, ...middle }));
  // In, across, out by two thirds, across, up and down, out: from all of it to a few milliseconds and back. None of them
  // comes to an end of what there is: what does not move is not painted, and would make the others look better.
  const moves = [
    () => turn({ deltaY: -9, ctrlKey: true }),
    () => turn({ deltaX: 37 }),
    () => turn({ deltaY: 6, ctrlKey: true }),
    () => turn({ deltaX: -61 }),
    (/** @type {number} */ step) => turn({ deltaY: step % 40 < 20 ? 18 : -18, shiftKey: true }),
    () => turn({ deltaY: 3, ctrlKey: true }),
  ];
  return new Promise((resolve) => {
    let step = 0;
    const next = () => {
      begin();
      // First in the next frame, as a browser hands out what a hand has done before it asks for the picture.
      if (step + 1 < count) ask(next);
      const before = performance.now();
      moves[Math.floor((step / count) * moves.length)](step);
      frames.work += performance.now() - before;
      if (++step < count) return;
      frames.on = false;
      resolve(frames.log);
    };
    frames.log = [];
    frames.on = true;
    ask(next);
  });
}

/**
 * What a canvas of that size costs by itself: in each frame it gets another colour, and nothing else happens.
 * @param {{ width: number, height: number, frames: number }} options CSS pixels.
 * @returns {Promise<number[][]>} Per frame work, busy, begin.
 */
export function blankFrames({ width, height, frames: count }) {
  const { benchFrames: frames } = /** @type {any} */ (globalThis);
  const canvas = document.createElement('canvas');
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  canvas.style.cssText = `position: absolute; inset: 0; width: ${width}px; height: ${height}px`;
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('there is no canvas');
  return new Promise((resolve) => {
    let step = 0;
    const next = () => {
      context.fillStyle = step % 2 === 0 ? '#fff' : '#eee';
      context.fillRect(0, 0, canvas.width, canvas.height);
      if (++step < count) requestAnimationFrame(next);
      else {
        frames.on = false;
        resolve(frames.log);
      }
    };
    frames.log = [];
    frames.on = true;
    requestAnimationFrame(next);
  });
}

/**
 * An idle page's own frames.
 * @param {number} count
 * @returns {Promise<number[]>} When each began.
 */
export function idleFrames(count) {
  return new Promise((resolve) => {
    /** @type {number[]} */
    const begins = [];
    const next = () => {
      begins.push(performance.now());
      if (begins.length <= count) requestAnimationFrame(next);
      else resolve(begins);
    };
    requestAnimationFrame(next);
  });
}
