/**
 * Which labels a backend takes, known before anything is sent.
 * In: a kind of backend and labels. Out: problems, each with its rule's reason. `refused`: it must not be sent so;
 * `dropped`: it is left out; `warning`: it can be sent and will be regretted.
 * The figures are Pyroscope's and Parca's own defaults (their source, and measured on v2.2.1 and v0.28.0).
 */
import { BACKEND_KINDS, type BackendKind, type Labels } from './contract.ts';

export interface LabelProblem {
  readonly label: string;
  readonly weight: 'refused' | 'dropped' | 'warning';
  readonly problem: string;
  readonly reason: string;
}

export interface LabelRules {
  readonly maxNameBytes: number;
  readonly maxValueBytes: number;
  /** Of one series, our own included. */
  readonly maxLabels: number;
}

export const LABEL_RULES: Readonly<Record<BackendKind, LabelRules>> = {
  pyroscope: { maxNameBytes: 1024, maxValueBytes: 2048, maxLabels: 30 },
  // Parca knows no limits; these keep what is sent askable in an address.
  parca: { maxNameBytes: 1024, maxValueBytes: 2048, maxLabels: 100 },
  otlp: { maxNameBytes: 1024, maxValueBytes: 2048, maxLabels: 128 },
  'otlp-traces': { maxNameBytes: 1024, maxValueBytes: 65_535, maxLabels: 128 },
};

/** Labels that we set on every series or sample; how many of them count against the limit. */
const OWN: Readonly<Record<BackendKind, readonly string[]>> = {
  pyroscope: ['__name__', 'pyroscope_spy', 'thread', 'category', 'trace_id', 'span_id', 'profile_id'],
  parca: ['__name__', 'thread', 'category', 'trace_id', 'span_id', 'profile_id'],
  otlp: ['service.name', 'thread', 'category', 'trace_id', 'span_id', 'profile_id'],
  'otlp-traces': ['service.name', 'pyroscope.profile.id'],
};
/** trace_id, span_id and profile_id stay with the sample at Pyroscope, and make no series. */
const OWN_COUNTED: Readonly<Record<BackendKind, number>> = {
  pyroscope: 4,
  parca: 4,
  otlp: 2,
  'otlp-traces': 1,
};

const LEGAL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

export function checkLabels(kind: BackendKind, labels: Labels): LabelProblem[] {
  const rules = LABEL_RULES[kind];
  const problems = Object.entries(labels).flatMap(([label, value]) => checkLabel(kind, label, value));
  const count = Object.values(labels).filter((value) => value !== '').length + OWN_COUNTED[kind];
  if (count > rules.maxLabels)
    problems.push({
      label: '',
      weight: 'refused',
      problem: `${count} labels are too many: ${rules.maxLabels} at most, ${OWN_COUNTED[kind]} of them are Pageflame's own.`,
      reason: 'The backend refuses a series with more.',
    });
  return problems;
}

export interface TagProblem extends LabelProblem {
  /** Who says so. */
  readonly kinds: readonly BackendKind[];
}

const WEIGHTS: readonly LabelProblem['weight'][] = ['refused', 'dropped', 'warning'];

/** What backends would say of tags, before any is chosen: each sentence once, the gravest first. */
export function checkTags(tags: Labels, kinds: readonly BackendKind[] = BACKEND_KINDS): TagProblem[] {
  const found = new Map<string, TagProblem>();
  for (const kind of kinds) {
    for (const problem of checkLabels(kind, tags)) {
      const key = JSON.stringify([problem.label, problem.weight, problem.problem, problem.reason]);
      found.set(key, { ...problem, kinds: [...(found.get(key)?.kinds ?? []), kind] });
    }
  }
  return [...found.values()].sort((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight));
}

function checkLabel(kind: BackendKind, label: string, value: string): LabelProblem[] {
  const problem = refuseName(kind, label) ?? refuseValue(kind, label, value);
  if (problem !== null) return [{ label, weight: 'refused', ...problem }];
  if (value === '')
    return [
      {
        label,
        weight: 'dropped',
        problem: 'Its value is empty, so it is not sent.',
        reason: 'To a backend, a label without a value and no label are the same.',
      },
    ];
  const warning = warnOfValue(kind, value);
  return warning === null ? [] : [{ label, weight: 'warning', ...warning }];
}

interface Said {
  readonly problem: string;
  readonly reason: string;
}

function refuseName(kind: BackendKind, name: string): Said | null {
  const rules = LABEL_RULES[kind];
  if (name === 'service.name' && OWN[kind].includes(name))
    return { problem: 'It is called service_name here.', reason: 'That is what is sent as service.name.' };
  if (OWN[kind].includes(name))
    return { problem: 'Pageflame sets this label itself.', reason: 'Two values for one label are refused.' };
  if (byteLength(name) > rules.maxNameBytes)
    return {
      problem: `Its name is longer than ${rules.maxNameBytes} bytes.`,
      reason: 'The backend refuses longer ones.',
    };
  if (name.startsWith('__'))
    return {
      problem: 'Names that begin with __ are the backends’ own.',
      reason: 'They are dropped without a word, or change what the profile is taken for.',
    };
  if (kind === 'otlp' || kind === 'otlp-traces')
    return /^[\x21-\x7e]+$/.test(name)
      ? null
      : {
          problem: 'A name is printable ASCII without spaces.',
          reason: 'Attributes are matched by name in queries.',
        };
  if (LEGAL_NAME.test(name)) return null;
  return {
    problem: `A name is letters, digits and _, and begins with no digit: ${suggestName(name)}, for example.`,
    reason:
      kind === 'pyroscope'
        ? 'Pyroscope takes others since 2.0 but lists them nowhere; before, it refused them.'
        : 'Parca takes others, but its queries cannot name them.',
  };
}

/** The nearest name that every backend takes. */
export function suggestName(name: string): string {
  const legal = name
    .replace(/[^a-zA-Z0-9_]+/g, '_')
    .replace(/^_*(?=\d)/, 'l')
    .replace(/^_+/, '');
  return legal === '' ? 'label' : legal.slice(0, 100);
}

function refuseValue(kind: BackendKind, label: string, value: string): Said | null {
  const { maxValueBytes } = LABEL_RULES[kind];
  // Half a surrogate pair.
  if (/\p{Surrogate}/u.test(value))
    return {
      problem: 'Its value is no valid Unicode text.',
      reason: 'A backend refuses the whole profile for one such character.',
    };
  if (byteLength(value) > maxValueBytes)
    return {
      problem: `Its value is longer than ${maxValueBytes} bytes.`,
      reason: 'The backend refuses longer ones.',
    };
  if (value.includes('\0'))
    return { problem: 'Its value holds a zero byte.', reason: 'Queries cannot name it.' };
  if (label === 'service_name' && value.trim() === '')
    return { problem: 'service_name is blank.', reason: 'Profiles are found by it.' };
  return null;
}

const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^[a-z][a-z0-9+.-]*:\/\/\S*[?#]/i, 'a whole address with its query'],
  [/^[a-z][a-z0-9+.-]*:\/\/\S+\/\S+/i, 'a whole address'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i, 'an id'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b/i, 'an id or a hash'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d/, 'a time'],
  [/\b\d{9,}\b/, 'a number that counts'],
];

/** Traces have no series: any value is good there. */
function warnOfValue(kind: BackendKind, value: string): Said | null {
  if (kind === 'otlp-traces') return null;
  const shape =
    SHAPES.find(([pattern]) => pattern.test(value))?.[1] ?? (byteLength(value) > 200 ? 'a long text' : null);
  if (shape === null) return null;
  return {
    problem: `Its value looks like ${shape}: a label with ever new values.`,
    reason:
      'Each value is a series of its own in the backend. Ever new ones make it slow and dear, and no two loads can be laid together. A pattern (/product/:id) is a good label.',
  };
}
