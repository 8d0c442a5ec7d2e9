/**
 * The flame graph of one track, or of one slice, asked for in the chart. In: what the aggregated views are of. Out: they are
 * of that, the flame graph's tab is shown and has the focus.
 */
import type { ThreadIndex } from '../../../base/index.ts';
import type { ProfileView } from '../../state/profile/profile-view.ts';

export function showGraphOfTrack(profile: ProfileView, thread: ThreadIndex): void {
  profile.within.value = null;
  profile.thread.value = thread;
  showTab();
}

/** Of the slice that is selected in the chart. */
export function showGraphOfSelected(profile: ProfileView): void {
  profile.within.value = profile.selected.peek();
  showTab();
}

function showTab(): void {
  const tab = document.getElementById('tab-flame-graph');
  tab?.click();
  tab?.focus();
}
