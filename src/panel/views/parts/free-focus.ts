/** Whether nothing that is used has the focus, so that a screen that has just come may take it: it stands on the page or on a heading. */
export const isFocusFree = (): boolean => document.activeElement?.matches('body, h1') === true;
