/** Setting up a backend: where it is, who one is there, what it gets, and what is left out of it. */
import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { BACKEND_KINDS } from '../../../backends/index.ts';
import type { Failure } from '../../../base/index.ts';
import type { App } from '../../state/app.ts';
import { gatherVocabulary } from '../../state/library/tag-form.ts';
import type { BackendFields, BackendForm } from '../../state/sending/backend-form.ts';
import { AUTH_WORDS, KIND_WORDS } from '../../words/backends.ts';
import { TagProblems, TagRows } from '../library/tag-rows.tsx';
import { TextField } from '../parts/fields.tsx';
import { Choice, Switch } from '../settings/settings-controls.tsx';

const AUTHS = ['none', 'basic', 'bearer'] as const;

interface BackendFormProps {
  readonly app: App;
  readonly form: BackendForm;
  /** It is kept, or given up. */
  readonly onClose: () => void;
}

export function BackendFormView({ app, form, onClose }: BackendFormProps) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isTried, setTried] = useState(false);
  const [isTested, setTested] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const change = (changes: Partial<BackendFields>): void => {
    form.fields.value = { ...form.fields.peek(), ...changes };
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (form.problems.peek().size > 0) {
      // The first of them is where one goes on.
      requestAnimationFrame(() => {
        const first = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
        first?.closest('details')?.setAttribute('open', '');
        first?.focus();
      });
      return;
    }
    void form.save().then((refusal) => (refusal === null ? onClose() : setFailure(refusal)));
  };
  const problems = isTried || isTested ? form.problems.value : new Map();
  const parts: PartProps = { app, form, change, problems };
  return (
    <form ref={element} onSubmit={onSubmit} noValidate>
      <h2>{form.isNew ? 'Add a backend' : 'Change this backend'}</h2>
      <Where {...parts} />
      <WhoOneIs {...parts} />
      <ConnectionTestPart form={form} onTest={() => setTested(true)} />
      <Labels {...parts} />
      <LeftOutPart {...parts} />
      <RulePart {...parts} />
      <LooksPart {...parts} />
      {isTried && form.problems.value.size > 0 && (
        <p class="setting-problem" role="alert">
          It cannot be kept so: {[...form.problems.value.values()].join(' ')}
        </p>
      )}
      {failure !== null && (
        <p class="setting-problem" role="alert">
          {failure.message} {failure.detail}
        </p>
      )}
      <p class="setting-buttons">
        <button type="submit" class="primary-button">
          Save
        </button>
        <button type="button" class="plain-button" onClick={onClose}>
          Cancel
        </button>
      </p>
    </form>
  );
}

interface PartProps {
  readonly app: App;
  readonly form: BackendForm;
  readonly change: (changes: Partial<BackendFields>) => void;
  /** None until it was tried to save it, or to reach it. */
  readonly problems: ReadonlyMap<keyof BackendFields | 'labels', string>;
}

function Section({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

function Where({ form, change, problems }: PartProps) {
  const { kind, url, queryUrl } = form.fields.value;
  return (
    <Section title="Where">
      <Choice
        label="Product"
        hint={KIND_WORDS[kind][1]}
        value={kind}
        options={BACKEND_KINDS.map((each) => [each, KIND_WORDS[each][0]] as const)}
        onChange={(next) => change({ kind: next })}
      />
      <TextField
        label="Address"
        type="url"
        hint="Its base address; Pageflame knows the paths. Chrome asks for leave to reach it, and nothing else."
        placeholder={PLACEHOLDERS[kind]}
        problem={problems.get('url')}
        value={url}
        onInput={(value) => change({ url: value })}
        autofocus
      />
      {kind === 'otlp-traces' && (
        <TextField
          label="Asked at"
          type="url"
          hint="Jaeger’s query address. With it nothing arrives twice, and links lead to it. May stay empty."
          placeholder="http://127.0.0.1:16686"
          problem={problems.get('queryUrl')}
          value={queryUrl}
          onInput={(value) => change({ queryUrl: value })}
        />
      )}
    </Section>
  );
}

const PLACEHOLDERS: Readonly<Record<BackendFields['kind'], string>> = {
  pyroscope: 'http://127.0.0.1:4040',
  parca: 'http://127.0.0.1:7070',
  otlp: 'http://127.0.0.1:4318',
  'otlp-traces': 'http://127.0.0.1:4318',
};

function WhoOneIs({ form, change, problems }: PartProps) {
  const { auth, user, secret, tenant } = form.fields.value;
  const kept = form.keepsSecret.value;
  return (
    <Section title="Who one is there">
      <Choice
        label="Sign in with"
        value={auth}
        options={AUTHS.map((each) => [each, AUTH_WORDS[each]] as const)}
        onChange={(next) => change({ auth: next, user: '', secret: '' })}
      />
      {auth === 'basic' && (
        <TextField
          label="User"
          placeholder={kept ? 'kept as it is' : ''}
          problem={problems.get('user')}
          value={user}
          onInput={(value) => change({ user: value })}
        />
      )}
      {auth !== 'none' && (
        <TextField
          label={auth === 'basic' ? 'Password' : 'Token'}
          type="password"
          hint="Stays in this browser’s storage for extensions and goes to this address only. It is never shown again."
          placeholder={kept ? 'kept as it is' : ''}
          problem={problems.get('secret')}
          value={secret}
          onInput={(value) => change({ secret: value })}
        />
      )}
      <TextField
        label="Tenant"
        hint="X-Scope-OrgID, where the backend has tenants."
        problem={problems.get('tenant')}
        value={tenant}
        onInput={(value) => change({ tenant: value })}
      />
    </Section>
  );
}

interface ConnectionTestProps {
  readonly form: BackendForm;
  readonly onTest: () => void;
}

function ConnectionTestPart({ form, onTest }: ConnectionTestProps) {
  const test = form.connection.value;
  return (
    <section class="connection-test">
      <p class="setting-buttons">
        <button
          type="button"
          class="plain-button"
          disabled={test.kind === 'running'}
          onClick={() => {
            onTest();
            void form.test();
          }}
        >
          Test connection
        </button>
      </p>
      <div role="status">{describeTest()}</div>
    </section>
  );

  function describeTest() {
    if (test.kind === 'none') return null;
    if (test.kind === 'running') return <p class="quiet">Asking…</p>;
    if (!test.result.ok) {
      const { message, detail } = test.result.failure;
      return (
        <div class="setting-problem">
          <p>{message}</p>
          {detail !== '' && <p class="server-words">{detail}</p>}
        </div>
      );
    }
    const { product, canBeAsked, whyNot } = test.result.value;
    return (
      <p class="good">
        {product.charAt(0).toUpperCase() + product.slice(1)} answers and takes what Pageflame would send.{' '}
        {canBeAsked ? 'It can be asked what has arrived: nothing is there twice.' : whyNot}
      </p>
    );
  }
}

function Labels({ app, form }: PartProps) {
  const { settings } = app.outside.settings.current.value;
  const vocabulary = gatherVocabulary(app.shelf.recordings.value ?? [], settings.tags);
  return (
    <Section title="Labels">
      <p class="hint">
        On everything that is sent there, besides the recording’s tags; they go before those.
      </p>
      <TagRows
        rows={form.labels.value}
        onRows={(rows) => {
          form.labels.value = rows;
        }}
        problems={form.labelProblems.value.byRow}
        vocabulary={vocabulary}
        siteWords={null}
        emptyWords="Without a value: the tag of that name is not sent there."
        noun="label"
      />
      <TagProblems problems={form.labelProblems.value.together} />
    </Section>
  );
}

const LEFT_OUT = [
  ['queryStrings', 'Query strings', 'what stands behind ? in addresses'],
  ['fragments', 'Fragments', 'what stands behind #'],
  ['userInfo', 'User names and passwords', 'in addresses'],
  ['titles', 'Page titles', ''],
] as const;

function LeftOutPart({ form, change, problems }: PartProps) {
  const { redaction, pathParts } = form.fields.value;
  return (
    <Section title="Left out of all that is sent there">
      {LEFT_OUT.map(([key, label, hint]) => (
        <Switch
          key={key}
          label={label}
          hint={hint}
          value={redaction[key]}
          onChange={(value) => change({ redaction: { ...redaction, [key]: value } })}
        />
      ))}
      <TextField
        label="Parts of paths"
        type="lines"
        hint="One regular expression per line; a part between two / that one matches whole becomes :redacted."
        placeholder={'[0-9a-f]{32}'}
        problem={problems.get('pathParts')}
        value={pathParts}
        onInput={(value) => change({ pathParts: value })}
      />
    </Section>
  );
}

function RulePart({ app, form, change, problems }: PartProps) {
  const { ruleIsOn, sites } = form.fields.value;
  const { settings } = app.outside.settings.current.value;
  const vocabulary = gatherVocabulary(app.shelf.recordings.value ?? [], settings.tags);
  return (
    <Section title="By itself">
      <Switch
        label="Send new recordings there by themselves"
        hint="Only those of the sites and tags below. Without this, only what you send by the button."
        value={ruleIsOn}
        onChange={(value) => change({ ruleIsOn: value })}
      />
      {ruleIsOn && (
        <>
          <TextField
            label="Sites"
            hint="Hosts: shop.example, *.shop.example for those under it, * for every site. Parted by commas."
            placeholder="shop.example, *.shop.example"
            problem={problems.get('sites')}
            value={sites}
            onInput={(value) => change({ sites: value })}
          />
          <p class="hint">And only recordings with all of these tags:</p>
          <TagRows
            rows={form.ruleTags.value}
            onRows={(rows) => {
              form.ruleTags.value = rows;
            }}
            problems={new Map()}
            vocabulary={vocabulary}
            siteWords={null}
            emptyWords="Without a value it is only a recording without this tag."
          />
        </>
      )}
    </Section>
  );
}

function LooksPart({ form, change, problems }: PartProps) {
  const { kind, withFile, grafana, datasource } = form.fields.value;
  const isSeen = kind === 'pyroscope' || kind === 'otlp-traces';
  if (!isSeen) return null;
  return (
    <Section title="How it looks there">
      {kind === 'pyroscope' && (
        <Switch
          label="Function names with their file"
          hint="Pyroscope adds functions of one name together, whatever file they are in."
          value={withFile}
          onChange={(value) => change({ withFile: value })}
        />
      )}
      <TextField
        label="Grafana"
        type="url"
        hint="Where this backend is looked at in Grafana: links lead there as well. May stay empty."
        placeholder="http://127.0.0.1:3000"
        problem={problems.get('grafana')}
        value={grafana}
        onInput={(value) => change({ grafana: value })}
      />
      {grafana.trim() !== '' && (
        <TextField
          label="Data source"
          hint="Its uid in Grafana."
          placeholder={kind === 'pyroscope' ? 'pyroscope' : 'tempo'}
          problem={problems.get('datasource')}
          value={datasource}
          onInput={(value) => change({ datasource: value })}
        />
      )}
    </Section>
  );
}
