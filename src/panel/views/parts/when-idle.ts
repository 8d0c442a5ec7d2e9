/** What is not waited for comes after what is. In: nothing. Out: resolves when the page has nothing else to do, or soon. */

/** A page that is never at rest gets it all the same. */
const LATEST_MILLIS = 300;

export const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: LATEST_MILLIS });
  });
