/**
 * The tags of each site, in the settings: every recording of it begins with them. Loads with the first look at the
 * settings. What is typed counts when its field is left.
 */
import { useSignal } from '@preact/signals';
import { serviceOf } from '../../../recording/index.ts';
import { type Settings, type SiteTags, withSiteTags } from '../../../settings/index.ts';
import type { App } from '../../state/app.ts';
import { checkRows, gatherVocabulary, type TagRow, tagsOfRows } from '../../state/library/tag-form.ts';
import { TagRows } from '../library/tag-rows.tsx';

interface TagsSectionProps {
  readonly app: App;
  readonly change: (next: (settings: Settings) => Settings) => void;
}

export function TagsSection({ app, change }: TagsSectionProps) {
  const { sites } = app.outside.settings.current.value.settings.tags;
  // Those that were here stay while the settings are open: what was taken away can be brought back.
  const seen = useSignal<readonly string[]>(sites.map(({ site }) => site));
  const names = [...new Set([...seen.value, ...sites.map(({ site }) => site)])];
  const shown = names.map((name) => sites.find(({ site }) => site === name) ?? { site: name, tags: {} });
  return (
    <section aria-labelledby="settings-tags">
      <h2 id="settings-tags">Tags of sites</h2>
      <p class="hint">
        Every recording of a site begins with its tags. They become labels when it is sent to a backend.
      </p>
      {shown.map((site) => (
        <Site key={site.site} app={app} site={site} change={change} />
      ))}
      <AddSite
        app={app}
        onAdd={(site) => {
          seen.value = [...seen.peek(), site];
        }}
      />
    </section>
  );
}

interface SiteProps extends TagsSectionProps {
  readonly site: SiteTags;
}

function Site({ app, site: { site, tags }, change }: SiteProps) {
  const first = Object.entries(tags).map(
    ([name, value], key): TagRow => ({ key, name, value, ofSite: true }),
  );
  const rows = useSignal<readonly TagRow[]>(
    first.length > 0 ? first : [{ key: 0, name: '', value: '', ofSite: true }],
  );
  const settle = (): void =>
    change((all) => ({ ...all, tags: withSiteTags(all.tags, site, tagsOfRows(rows.peek())) }));
  const { byRow, together } = checkRows(rows.value, {});
  return (
    <fieldset class="presets">
      <legend>{site}</legend>
      <TagRows
        rows={rows.value}
        onRows={(next) => {
          rows.value = next;
        }}
        onSettled={settle}
        problems={byRow}
        vocabulary={gatherVocabulary(
          app.shelf.recordings.value ?? [],
          app.outside.settings.current.value.settings.tags,
        )}
        siteWords={null}
        emptyWords="Without a value: the recordings’ own tag of that name is left out."
      />
      {together.map(({ problem, reason }) => (
        <p key={problem} class="tag-refused">
          {problem} {reason}
        </p>
      ))}
    </fieldset>
  );
}

function AddSite({ app, onAdd }: { readonly app: App; readonly onAdd: (site: string) => void }) {
  const typed = useSignal('');
  const known = [...new Set((app.shelf.recordings.value ?? []).map(({ url }) => serviceOf(url)))];
  const add = (): void => {
    const text = typed.peek().trim();
    if (text === '') return;
    onAdd(URL.canParse(text) && text.includes('://') ? serviceOf(text) : text.toLowerCase());
    typed.value = '';
  };
  return (
    <p class="tag-row">
      <input
        type="text"
        class="text-field tag-value"
        aria-label="Another site"
        placeholder="shop.example, or its address"
        list="known-sites"
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') add();
        }}
      />
      <datalist id="known-sites">
        {known.map((site) => (
          <option key={site} value={site} />
        ))}
      </datalist>
      <button type="button" class="plain-button" onClick={add}>
        Add the site
      </button>
    </p>
  );
}
