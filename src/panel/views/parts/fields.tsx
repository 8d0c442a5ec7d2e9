/**
 * Fields of text: one with its label, what is to be said of it and what is wrong with it; one in a row of several, with words
 * to choose from. In: a text. Out: another.
 */
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

interface SuggestedFieldProps {
  /** Beside `text-field`. */
  readonly kind?: string;
  /** For readers: a row has no room for it. */
  readonly label: string;
  readonly placeholder: string;
  readonly words: readonly string[];
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Before it is written in. */
  readonly onFocus?: () => void;
  /** It was left, changed. */
  readonly onSettled?: (() => void) | undefined;
  /** What is wrong with it stands in the element of this id. */
  readonly problem?: { readonly id: string; readonly isRefused: boolean };
}

export function SuggestedField(props: SuggestedFieldProps) {
  const { kind = '', label, placeholder, words, value, onInput, onFocus, onSettled, problem } = props;
  const list = useId();
  return (
    <>
      <input
        type="text"
        class={`text-field ${kind}`.trim()}
        aria-label={label}
        placeholder={placeholder}
        list={list}
        spellcheck={false}
        autocomplete="off"
        value={value}
        aria-invalid={problem?.isRefused}
        aria-describedby={problem?.id}
        onFocus={onFocus}
        onInput={(event) => onInput(event.currentTarget.value)}
        onChange={onSettled}
      />
      <datalist id={list}>
        {words.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
    </>
  );
}
