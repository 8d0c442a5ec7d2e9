/** The trace categories against what Chrome 156's own Performance panel asks for. */
import { describe, expect, it } from 'vitest';
import { includedCategories, TRACE_CATEGORIES } from '../../../src/capture/trace-categories.ts';
import { PRESETS } from '../../../src/recording/index.ts';

/** `DefaultCategories` and `JsSampling` of Chromium 156.0.8078.79's bundled DevTools, read by importing it. */
const DEVTOOLS =
  `blink.console,blink.user_timing,loading,devtools.timeline,disabled-by-default-devtools.target-rundown,
disabled-by-default-devtools.timeline.frame,disabled-by-default-devtools.timeline.stack,
disabled-by-default-devtools.timeline,disabled-by-default-devtools.v8-source-rundown-sources,
disabled-by-default-devtools.v8-source-rundown,disabled-by-default-layout_shift.debug,
disabled-by-default-v8.inspector,disabled-by-default-v8.cpu_profiler.hires,disabled-by-default-lighthouse,v8.execute,v8,
cppgc,navigation,rail,disabled-by-default-v8.cpu_profiler`.split(/,\s*/);

const SOURCES = 'disabled-by-default-devtools.v8-source-rundown-sources';
const INVALIDATIONS = 'disabled-by-default-devtools.timeline.invalidationTracking';

describe('trace categories', () => {
  it('are what DevTools records but for the texts of scripts, which cost the load', () => {
    const ours = includedCategories(PRESETS.standard);
    expect(ours[0]).toBe('-*');
    expect([...ours.slice(1), SOURCES].sort()).toEqual(DEVTOOLS.toSorted());
  });

  it('leave out what is switched off', () => {
    const ours = includedCategories(PRESETS.light).join();
    expect(ours).not.toMatch(/cpu_profiler|source-rundown/);
    expect(ours).toContain('devtools.timeline');
  });

  it('are more than DevTools records by default where everything is wanted', () => {
    const ours = includedCategories(PRESETS.detailed);
    expect(ours.slice(1).sort()).toEqual([...DEVTOOLS, INVALIDATIONS].sort());
  });

  it('each have a reason', () => {
    for (const { name, reason } of TRACE_CATEGORIES) expect(reason.length, name).toBeGreaterThan(20);
  });
});
