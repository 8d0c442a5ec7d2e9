/** The controls of the settings: each with its label and what is to be said of it. In: a value. Out: another one. */
import { useId } from 'preact/hooks';

interface ChoiceProps<T> {
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** One of several, in the browser's own list. A value that is none of them stands there as well. */
export function Choice<T extends string | number | boolean | null>(props: ChoiceProps<T>) {
  const { label, hint, value, options, onChange } = props;
  const id = useId();
  const known = options.some(([option]) => option === value);
  const shown = known ? options : [...options, [value, String(value)] as const];
  return (
    <p class="setting">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="choice"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={shown.findIndex(([option]) => option === value)}
        onChange={(event) => onChange(shown[Number(event.currentTarget.value)][0])}
      >
        {shown.map(([, words], index) => (
          <option key={words} value={index}>
            {words}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <span id={`${id}-hint`} class="hint">
          {hint}
        </span>
      )}
    </p>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly hint: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

export function Switch({ label, hint, value, onChange }: SwitchProps) {
  const id = useId();
  return (
    <p class="setting switch">
      <input
        id={id}
        type="checkbox"
        checked={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      <span id={`${id}-hint`} class="hint">
        {hint}
      </span>
    </p>
  );
}
