/**
 * A backend while it is being set up or changed.
 * In: a backend, the door to all of them. Out: signals per field, what is to be said of them, what a test of the connection
 * found; the backend, kept, when it is saved. Secrets are never read back: fields that are left empty keep those there are.
 * Refuses: an address that is none, labels that the backend would refuse, a rule that means nothing.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import {
  type Backend,
  type BackendKind,
  type ConnectionReport,
  type Credentials,
  checkPathPattern,
  explainRule,
  originPatterns,
  type Redaction,
} from '../../../backends/index.ts';
import { type Failure, makeFailure, type Result } from '../../../base/index.ts';
import type { BackendsDoor } from '../doors.ts';
import { checkRows, type RowProblems, type TagRow, tagsOfRows } from '../library/tag-form.ts';

export type ConnectionTest =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly result: Result<ConnectionReport> };

export interface BackendFields {
  readonly kind: BackendKind;
  readonly url: string;
  readonly queryUrl: string;
  readonly tenant: string;
  readonly auth: Credentials['kind'];
  readonly user: string;
  /** Password or token. */
  readonly secret: string;
  readonly redaction: Redaction;
  /** One pattern per line. */
  readonly pathParts: string;
  readonly withFile: boolean;
  readonly grafana: string;
  readonly datasource: string;
  readonly ruleIsOn: boolean;
  /** Parted by commas or spaces. */
  readonly sites: string;
}

export interface BackendForm {
  readonly id: string;
  readonly isNew: boolean;
  /** Something in it is not as it was when the form was opened: it is worth keeping. */
  readonly isTouched: () => boolean;
  readonly fields: Signal<BackendFields>;
  readonly labels: Signal<readonly TagRow[]>;
  readonly ruleTags: Signal<readonly TagRow[]>;
  /** Secrets are kept already, and the fields for them may stay empty. */
  readonly keepsSecret: ReadonlySignal<boolean>;
  readonly labelProblems: ReadonlySignal<RowProblems>;
  /** What keeps it from being saved, by the field's name. */
  readonly problems: ReadonlySignal<ReadonlyMap<keyof BackendFields | 'labels', string>>;
  readonly connection: ReadonlySignal<ConnectionTest>;
  /** Only within a click: Chrome asks for leave to reach the origin. */
  readonly test: () => Promise<void>;
  /** Answers the failure that kept it from being kept; null where it is kept. Only within a click. */
  readonly save: () => Promise<Failure | null>;
  /** Leave that was given for a test, and that nothing needs. */
  readonly leave: () => void;
}

export function createBackendForm(backend: Backend, door: BackendsDoor): BackendForm {
  const isNew = door.list.peek().every(({ destination }) => destination.id !== backend.destination.id);
  const fields = signal(fieldsOf(backend));
  const labels = signal(rowsOf(backend.destination.labels));
  const ruleTags = signal(rowsOf(backend.rule.tags));
  const content = (): string => JSON.stringify([fields.peek(), labels.peek(), ruleTags.peek()]);
  const before = content();
  const asked = new Set<string>();
  const labelProblems = computed(() => problemsOfLabels(fields.value.kind, labels.value));
  // Secrets are for the address that they were given for.
  const keepsSecret = computed(
    () =>
      !isNew &&
      backend.auth !== 'none' &&
      fields.value.auth === backend.auth &&
      originOf(fields.value.url) === originOf(backend.destination.url),
  );
  const problems = computed(
    () =>
      new Map([
        ...findProblems(fields.value, ruleTags.value, labelProblems.value),
        ...problemsOfSignIn(fields.value, keepsSecret.value),
      ]),
  );
  const made = (): Backend => backendOf(backend, fields.peek(), labels.peek(), ruleTags.peek());
  const credentials = (): Credentials | null => {
    const { auth, user, secret } = fields.peek();
    if (keepsSecret.peek() && user === '' && secret === '') return null;
    if (auth === 'basic') return { kind: 'basic', user, password: secret };
    return auth === 'bearer' ? { kind: 'bearer', token: secret.trim() } : { kind: 'none' };
  };
  /** Chrome asks only where it has not been asked. */
  const allow = async (patterns: readonly string[]): Promise<boolean> => {
    const missing = patterns.filter((pattern) => !door.allowed.peek().has(pattern));
    for (const pattern of missing) asked.add(pattern);
    return missing.length === 0 || door.allow(missing);
  };
  return {
    id: backend.destination.id,
    isNew,
    isTouched: () => content() !== before,
    fields,
    labels,
    ruleTags,
    keepsSecret,
    labelProblems,
    problems,
    ...createConnectionTest(fields, { made, credentials, allow, door }),
    async save() {
      const kept = made();
      const given = allow(originPatterns(kept.destination));
      // Without leave it is kept all the same: the list says that nothing can be sent yet, and asks again.
      await given;
      const put = await door.put(kept, credentials());
      return put.ok ? null : put.failure;
    },
    leave() {
      if (asked.size > 0) void door.giveBack([...asked]);
    },
  };
}

interface TestParts {
  readonly made: () => Backend;
  readonly credentials: () => Credentials | null;
  readonly allow: (patterns: readonly string[]) => Promise<boolean>;
  readonly door: BackendsDoor;
}

function createConnectionTest(
  fields: Signal<BackendFields>,
  { made, credentials, allow, door }: TestParts,
): Pick<BackendForm, 'connection' | 'test'> {
  const tested = signal<{ readonly of: BackendFields; readonly test: ConnectionTest } | null>(null);
  return {
    // What was found of another address, or as somebody else, says nothing of this one.
    connection: computed(() =>
      tested.value !== null && isSameTarget(tested.value.of, fields.value) ? tested.value.test : UNTESTED,
    ),
    async test() {
      const trial = made();
      const { url } = trial.destination;
      const of = fields.peek();
      tested.value = { of, test: { kind: 'running' } };
      const done = (result: Result<ConnectionReport>): void => {
        if (tested.peek()?.of === of) tested.value = { of, test: { kind: 'done', result } };
      };
      if (!isAddress(url)) return done(refusal('backend-address', url === '' ? 'Nothing' : url));
      const given = allow(originPatterns(trial.destination));
      if (!(await given)) return done(refusal('backend-not-allowed', new URL(url).origin));
      done(await door.test(trial, credentials()));
    },
  };
}

const UNTESTED: ConnectionTest = { kind: 'none' };

/** What a test of the connection depends on. */
const TARGET = ['kind', 'url', 'queryUrl', 'tenant', 'auth', 'user', 'secret'] as const;
const isSameTarget = (one: BackendFields, other: BackendFields): boolean =>
  TARGET.every((name) => one[name] === other[name]);

const refusal = (code: Failure['code'], subject: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: makeFailure(code, { subject }),
});

const originOf = (url: string): string => (URL.canParse(url.trim()) ? new URL(url.trim()).origin : url);

/** What a header cannot carry would fail with every request, and not say why. */
const HEADER_TEXT = /^[\x20-\x7e]*$/;

function problemsOfSignIn(
  { auth, user, secret, tenant }: BackendFields,
  keepsSecret: boolean,
): ReadonlyMap<keyof BackendFields, string> {
  const problems = new Map<keyof BackendFields, string>();
  const isKept = keepsSecret && user === '' && secret === '';
  if (auth === 'basic' && !isKept && (user === '' || user.includes(':')))
    problems.set('user', user === '' ? 'Give the user’s name.' : 'The name of a user holds no colon.');
  if (auth === 'basic' && keepsSecret && user !== '' && secret === '')
    problems.set('secret', 'Give the password as well: both are kept, or both are given.');
  if (auth === 'bearer' && !isKept && secret.trim() === '')
    problems.set('secret', 'Give the token. One that is kept stays with the address that it was given for.');
  if (auth === 'bearer' && !HEADER_TEXT.test(secret.trim()))
    problems.set('secret', 'A token is of plain ASCII characters.');
  if (!HEADER_TEXT.test(tenant)) problems.set('tenant', 'The name of a tenant is of plain ASCII characters.');
  return problems;
}

const isAddress = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

const rowsOf = (tags: Readonly<Record<string, string>>): readonly TagRow[] =>
  Object.entries(tags).map(([name, value], key) => ({ key, name, value, ofSite: false }));

function fieldsOf({ destination, rule, grafana, auth }: Backend): BackendFields {
  const { kind, url, queryUrl, tenant, redaction, frameNames } = destination;
  return {
    kind,
    url,
    queryUrl: queryUrl ?? '',
    tenant: tenant ?? '',
    auth,
    user: '',
    secret: '',
    redaction,
    pathParts: redaction.pathParts.join('\n'),
    withFile: frameNames === 'with-file',
    grafana: grafana?.base ?? '',
    datasource: grafana?.datasource ?? '',
    ruleIsOn: rule.isOn,
    sites: rule.sites.join(', '),
  };
}

function backendOf(
  before: Backend,
  fields: BackendFields,
  labels: readonly TagRow[],
  ruleTags: readonly TagRow[],
): Backend {
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const grafana = orNull(fields.grafana);
  return {
    destination: {
      id: before.destination.id,
      kind: fields.kind,
      url: fields.url.trim(),
      queryUrl: fields.kind === 'otlp-traces' ? orNull(fields.queryUrl) : null,
      tenant: orNull(fields.tenant),
      labels: tagsOfRows(labels),
      redaction: { ...fields.redaction, pathParts: linesOf(fields.pathParts) },
      frameNames: fields.withFile ? 'with-file' : 'bare',
    },
    rule: { isOn: fields.ruleIsOn, sites: sitesOf(fields.sites), tags: tagsOfRows(ruleTags) },
    grafana: grafana === null ? null : { base: grafana, datasource: fields.datasource.trim() },
    auth: fields.auth,
  };
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const sitesOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((site) => site !== '');

/** What this kind of backend says of labels; other kinds' rules are not its. */
function problemsOfLabels(kind: BackendKind, rows: readonly TagRow[]): RowProblems {
  const { byRow, together } = checkRows(rows, {});
  const own = ({ kinds }: { readonly kinds: readonly BackendKind[] }): boolean =>
    kinds.length === 0 || kinds.includes(kind);
  return {
    byRow: new Map([...byRow].map(([key, problems]) => [key, problems.filter(own)])),
    together: together.filter(own),
  };
}

function findProblems(
  fields: BackendFields,
  ruleTags: readonly TagRow[],
  { byRow, together }: RowProblems,
): ReadonlyMap<keyof BackendFields | 'labels', string> {
  const problems = new Map<keyof BackendFields | 'labels', string>();
  const { url, queryUrl, kind, grafana, datasource } = fields;
  const needsAddress = 'Give a whole address, such as http://127.0.0.1:4040.';
  const needsNoQuery = 'Give the address without what begins with ? or #: paths are added to its end.';
  if (!isAddress(url.trim())) problems.set('url', needsAddress);
  else if (new URL(url.trim()).username !== '' || new URL(url.trim()).password !== '')
    problems.set('url', 'Give user and password in their own fields: an address is shown and logged.');
  else if (/[?#]/.test(url)) problems.set('url', needsNoQuery);
  if (kind === 'otlp-traces' && queryUrl.trim() !== '' && !isAddress(queryUrl.trim()))
    problems.set('queryUrl', needsAddress);
  else if (kind === 'otlp-traces' && /[?#]/.test(queryUrl)) problems.set('queryUrl', needsNoQuery);
  if (grafana.trim() !== '' && !isAddress(grafana.trim())) problems.set('grafana', needsAddress);
  if (grafana.trim() !== '' && datasource.trim() === '')
    problems.set('datasource', 'Give the uid of the data source: it stands in its address in Grafana.');
  const broken = linesOf(fields.pathParts)
    .map((pattern) => [pattern, checkPathPattern(pattern)] as const)
    .find(([, why]) => why !== null);
  if (broken !== undefined) problems.set('pathParts', `${broken[0]}: ${broken[1]}`);
  const rule = explainRule({
    isOn: fields.ruleIsOn,
    sites: sitesOf(fields.sites),
    tags: tagsOfRows(ruleTags),
  });
  if (rule !== null) problems.set('sites', rule);
  const refused = [...byRow.values(), together].flat().find(({ weight }) => weight === 'refused');
  if (refused !== undefined) problems.set('labels', `A label cannot be sent: ${refused.problem}`);
  return problems;
}
