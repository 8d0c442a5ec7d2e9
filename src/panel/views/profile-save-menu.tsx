/** The menu that saves a profile as a file of another tool: what the views show, or all that the file holds. */
import { type OpenId, PROFILE_FILE_FORMS, type ProfileFileForm } from '../../engine/client.ts';
import type { App } from '../state/app.ts';
import type { ProfileScoping } from '../state/profile-view.ts';
import { FORM_NAMES, stemOf } from '../words/formats.ts';
import { DownIcon, SaveIcon } from './icons.tsx';
import { Menu, type MenuEntry } from './menu.tsx';

interface ProfileSaveMenuProps {
  readonly app: App;
  readonly open: OpenId;
  readonly name: string;
  readonly profile: ProfileScoping;
  readonly primaryKey: string;
}

export function ProfileSaveMenu({ app, open, name, profile, primaryKey }: ProfileSaveMenuProps) {
  const save = async (form: ProfileFileForm, what: 'scope' | 'all'): Promise<void> => {
    const { engine, download } = app.outside;
    const question = { form, what, title: stemOf(name), scope: profile.scope.peek() };
    const file = await engine.profileFile(open, question);
    if (file.ok) download(`${stemOf(name)}.${FORM_NAMES[form].ending}`, file.value);
    else app.notices.showFailure(file.failure);
  };
  const entriesOf = (what: 'scope' | 'all', prefix: string): MenuEntry[] =>
    PROFILE_FILE_FORMS.map((form, index) => ({
      key: `${what}-${form}`,
      label: `${prefix} ${FORM_NAMES[form].name}`,
      startsGroup: what === 'scope' && index === 0,
      onChoose: () => void save(form, what),
    }));
  return (
    <Menu
      id="save-profile"
      label="Save as a file of another tool"
      buttonClass="tool"
      title={`Save as a file of another tool (${primaryKey}+S)`}
      button={
        <>
          <SaveIcon />
          Save as
          <DownIcon />
        </>
      }
      entries={[...entriesOf('all', 'All of it as'), ...entriesOf('scope', 'What is shown as')]}
    />
  );
}
