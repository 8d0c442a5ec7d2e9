/**
 * The menu that copies a table as it stands, or saves it as a file. In: a way to make the table's text form, what it is
 * called. Out: text on the clipboard or a download; the table is made when it is wanted.
 */
import { nameOfText, type TableFormat, type TextTable, writeTable } from '../../state/profile/table-text.ts';
import type { TextDoor } from '../../state/profile/text-door.ts';
import { DownIcon } from './icons.tsx';
import { Menu, type MenuEntry } from './menu.tsx';

interface TableMenuProps {
  /** Unique in the page. */
  readonly id: string;
  readonly door: TextDoor;
  /** Of the file, without its ending. */
  readonly name: string;
  readonly makeTable: () => TextTable;
  readonly more?: readonly MenuEntry[];
}

const COPIES: readonly { readonly id: TableFormat; readonly name: string }[] = [
  { id: 'text', name: 'Copy the rows as text' },
  { id: 'csv', name: 'Copy the rows as CSV' },
  { id: 'markdown', name: 'Copy the rows as Markdown' },
];

const FILES: readonly { readonly id: TableFormat; readonly name: string; readonly ending: string }[] = [
  { id: 'csv', name: 'Save the rows as CSV', ending: 'csv' },
  { id: 'markdown', name: 'Save the rows as Markdown', ending: 'md' },
];

export function TableMenu({ id, door, name, makeTable, more = [] }: TableMenuProps) {
  return (
    <Menu
      id={id}
      label="Copy or save"
      buttonClass="tool copy-button"
      button={
        <>
          Copy
          <DownIcon />
        </>
      }
      entries={[
        ...COPIES.map(
          (each): MenuEntry => ({
            key: `copy ${each.id}`,
            label: each.name,
            onChoose: () => {
              const table = makeTable();
              void door.copy(writeTable(table, each.id), nameOfText(table));
            },
          }),
        ),
        ...more,
        ...FILES.map(
          (each, index): MenuEntry => ({
            key: `save ${each.id}`,
            label: each.name,
            startsGroup: index === 0,
            onChoose: () => {
              const table = makeTable();
              const file = { name: `${name}.${each.ending}`, what: nameOfText(table) };
              door.saveText(writeTable(table, each.id), file);
            },
          }),
        ),
      ]}
    />
  );
}
