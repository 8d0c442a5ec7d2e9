/** The DevTools panel's entry. In: the inspected tab. Out: the app, mounted. */
export {};
