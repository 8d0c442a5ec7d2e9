/** A field of text with its label, what is to be said of it and what is wrong with it. In: a text. Out: another. */
import { useId } from 'preact/hooks';

interface TextFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** `lines`: several, one per line. */
  readonly type?: 'text' | 'url' | 'password' | 'datetime-local' | 'lines';
  readonly placeholder?: string;
  readonly autofocus?: boolean;
}

export function TextField(props: TextFieldProps) {
  const { label, hint, problem, value, onInput, type = 'text', placeholder, autofocus } = props;
  const id = useId();
  const common = {
    id,
    value,
    placeholder,
    autofocus,
    class: 'text-field',
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${id}-hint`,
    spellcheck: false,
    autocomplete: type === 'password' ? 'new-password' : 'off',
  };
  return (
    <p class="setting">
      <label for={id}>{label}</label>
      {control()}
      <span id={`${id}-hint`} class={problem === undefined ? 'hint' : 'field-problem'}>
        {problem ?? hint}
      </span>
    </p>
  );

  function control() {
    const take = (event: { readonly currentTarget: { readonly value: string } }): void =>
      onInput(event.currentTarget.value);
    switch (type) {
      case 'lines':
        return <textarea {...common} rows={2} onInput={take} />;
      case 'password':
        return <input {...common} type="password" onInput={take} />;
      case 'url':
        return <input {...common} type="url" onInput={take} />;
      case 'datetime-local':
        return <input {...common} type="datetime-local" step={1} onInput={take} />;
      case 'text':
        return <input {...common} type="text" onInput={take} />;
    }
  }
}
