/** One of a few, as a select of the view bar. In: choices by id, which is chosen. Out: the id of another. */

interface ChoicesProps<Id extends string> {
  readonly label: string;
  readonly choices: readonly { readonly id: Id; readonly name: string }[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

export function Choices<Id extends string>({ label, choices, chosen, onChoose }: ChoicesProps<Id>) {
  return (
    <select
      class="choice"
      aria-label={label}
      value={chosen}
      onChange={(event) => {
        const { value } = event.currentTarget;
        const found = choices.find(({ id }) => id === value);
        if (found !== undefined) onChoose(found.id);
      }}
    >
      {choices.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
