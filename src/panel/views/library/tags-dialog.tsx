/**
 * The name of a recording and its tags: those it has of itself, its site's, and the user's own. A modal dialog of the browser; nothing
 * is kept until it is saved. Loads when it is first asked for.
 */
import { useMemo } from 'preact/hooks';
import { type Recording, serviceOf } from '../../../recording/index.ts';
import type { App } from '../../state/app.ts';
import { addRow, createTagForm, gatherVocabulary, type TagForm } from '../../state/library/tag-form.ts';
import { formatMoment, formatPage, shortenMiddle } from '../../words/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { TagProblems, TagRows } from './tag-rows.tsx';

const LONGEST_NAME = 120;

export function TagsDialog({ app, recording }: { readonly app: App; readonly recording: Recording }) {
  const { tagging, outside } = app;
  const form = useMemo(
    () => createTagForm(recording, outside.settings.current.peek().settings.tags),
    [recording, outside],
  );
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    void tagging.save(recording, form.result());
  };
  return (
    <Dialog id="tags" title="Name and tags" kind="settings tags" isOpen={true} onClose={tagging.close}>
      <p class="quiet">
        {shortenMiddle(formatPage(recording.url), 80)},{' '}
        {formatMoment(recording.startedAt, outside.clock.now())}. A tag finds recordings here, and becomes a
        label of what is sent to a backend.
      </p>
      <form onSubmit={onSubmit}>
        <Name form={form} />
        <Own app={app} form={form} recording={recording} />
        <Automatic form={form} />
        <TagProblems problems={form.together.value} />
        <p class="setting-buttons">
          <button type="submit" class="primary-button">
            Save
          </button>
          <button type="button" class="plain-button" onClick={tagging.close}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}

function Name({ form }: { readonly form: TagForm }) {
  return (
    <p class="tag-row">
      <label for="recording-name">Name</label>
      <input
        id="recording-name"
        type="text"
        class="text-field"
        value={form.name.value}
        maxLength={LONGEST_NAME}
        placeholder="Page and time, until you name it"
        autocomplete="off"
        onInput={(event) => {
          form.name.value = event.currentTarget.value;
        }}
      />
    </p>
  );
}

interface PartProps {
  readonly app: App;
  readonly form: TagForm;
  readonly recording: Recording;
}

function Own({ app, form, recording }: PartProps) {
  const vocabulary = gatherVocabulary(
    app.shelf.recordings.value ?? [],
    app.outside.settings.current.value.settings.tags,
  );
  return (
    <section aria-labelledby="tags-own">
      <h2 id="tags-own">Yours</h2>
      <TagRows
        rows={form.rows.value}
        onRows={(rows) => {
          form.rows.value = rows;
        }}
        problems={form.problems.value}
        vocabulary={vocabulary}
        siteWords={`all later recordings of ${serviceOf(recording.url)}, too`}
        emptyWords="Without a value: the tag of that name below is left out."
      />
    </section>
  );
}

function Automatic({ form }: { readonly form: TagForm }) {
  return (
    <section aria-labelledby="tags-automatic">
      <h2 id="tags-automatic">Automatic</h2>
      <table class="tag-table">
        <tbody>
          {form.automatic.value.map(({ name, value, isReplaced }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{isReplaced ? <del>{value}</del> : value}</td>
              <td>
                <button
                  type="button"
                  class="link-button"
                  aria-label={`Change ${name}`}
                  disabled={isReplaced}
                  onClick={() => {
                    form.rows.value = addRow(form.rows.peek(), { name, value });
                  }}
                >
                  {isReplaced ? 'yours goes first' : 'Change'}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
