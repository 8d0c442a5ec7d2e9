/** Formats of profile files as people call them, and what they hold. Pure. */
import type { ProfileFileForm } from '../../engine/client.ts';
import type { ProfileFormat } from '../../profile/index.ts';

export const FORMAT_NAMES: Readonly<Record<ProfileFormat, string>> = {
  pprof: 'pprof',
  otlp: 'OpenTelemetry profile',
  speedscope: 'speedscope file',
  folded: 'Folded stacks',
  cpuprofile: 'V8 .cpuprofile',
  firefox: 'Firefox profile',
  heapprofile: 'V8 .heapprofile',
  hermes: 'Hermes profile',
  'perf-script': 'perf script',
};

export const FORM_NAMES: Readonly<
  Record<ProfileFileForm, { readonly name: string; readonly ending: string }>
> = {
  pprof: { name: 'pprof (.pb.gz)', ending: 'pb.gz' },
  otlp: { name: 'OpenTelemetry profile (.otlp)', ending: 'otlp' },
  speedscope: { name: 'speedscope (.json)', ending: 'speedscope.json' },
  folded: { name: 'Folded stacks (.folded)', ending: 'folded' },
  cpuprofile: { name: 'V8 .cpuprofile', ending: 'cpuprofile' },
  svg: { name: 'Picture (.svg)', ending: 'svg' },
};

/** The name without what tells its format. */
export const stemOf = (name: string): string =>
  name.replace(
    /(\.(json|gz|gzip|pb|pprof|prof|cpuprofile|folded|collapsed|txt|otlp|speedscope|pageflame|pftrace))+$/i,
    '',
  ) || 'profile';
