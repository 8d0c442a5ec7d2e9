/** The menu of the formats that a profile can be saved as: those of other tools. What is saved is the caller's to say. */
import { PROFILE_FILE_FORMS, type ProfileFileForm } from '../../../engine/client.ts';
import { FORM_NAMES } from '../../words/formats.ts';
import { DownIcon, SaveIcon } from '../parts/icons.tsx';
import { Menu } from '../parts/menu.tsx';

interface ProfileSaveMenuProps {
  /** Unique in the page. */
  readonly id: string;
  /** What is saved. */
  readonly what: string;
  readonly title: string;
  readonly onSave: (form: ProfileFileForm) => void;
}

export function ProfileSaveMenu({ id, what, title, onSave }: ProfileSaveMenuProps) {
  return (
    <Menu
      id={id}
      label={`Save as a file of another tool: ${what.toLowerCase()}`}
      buttonClass="tool"
      title={title}
      button={
        <>
          <SaveIcon />
          Save as
          <DownIcon />
        </>
      }
      entries={PROFILE_FILE_FORMS.map((form) => ({
        key: form,
        label: `${what} as ${FORM_NAMES[form].name}`,
        onChoose: () => onSave(form),
      }))}
    />
  );
}
