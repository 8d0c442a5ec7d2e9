/**
 * What the undo key takes back outside a trace: deletions, changes of tags, settings at their defaults.
 * In: the app. Out: the last of them undone; nothing where there is none.
 */
import type { App } from './app.ts';

type Undoable = Pick<App, 'actions' | 'notices' | 'settingsReset' | 'tagging'>;

/** What was told last goes first; what nothing tells of any more, after it. */
export function undoTold({ actions, notices, settingsReset, tagging }: Undoable): void {
  const told = notices.list.peek().findLast(({ advice }) => advice?.action.startsWith('undo-') === true);
  if (told?.advice?.action === 'undo-delete') actions.undoRemove();
  else if (told?.advice?.action === 'undo-tags') tagging.undo();
  else if (!settingsReset.undo() && !tagging.undo()) actions.undoRemove();
}
