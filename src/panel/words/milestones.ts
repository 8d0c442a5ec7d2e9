/** Milestones' names as people read them: short for flags, long for lists. A name that is not here stands as it is. */

const NAMES: Readonly<Record<string, string>> = {
  prerenderStart: 'Prerender start',
  navigationStart: 'Navigation start',
  firstPaint: 'First paint (FP)',
  firstContentfulPaint: 'First contentful paint (FCP)',
  largestContentfulPaint: 'Largest contentful paint (LCP)',
  domContentLoaded: 'DOMContentLoaded (DCL)',
  load: 'Load (L)',
};

export const nameMilestone = (name: string): string => NAMES[name] ?? name;
