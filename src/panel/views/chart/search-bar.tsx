/**
 * The search bar under the chart: what is looked for and how, how much was found, the way to the next find.
 * Enter and Shift+Enter step, Esc closes (views/app-view.tsx), the live text says what was found.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SearchQuery } from '../../../flame/index.ts';
import { formatCount } from '../../../flame/index.ts';
import type { Search } from '../../state/chart/search.ts';
import { countOf } from '../../words/format.ts';
import { CloseIcon, DownIcon, UpIcon } from '../parts/icons.tsx';

type Switch = 'matchCase' | 'wholeWord' | 'regex';

const SWITCHES: readonly { readonly id: Switch; readonly sign: string; readonly name: string }[] = [
  { id: 'matchCase', sign: 'Aa', name: 'Match case' },
  { id: 'wholeWord', sign: '[ab]', name: 'Whole words' },
  { id: 'regex', sign: '.*', name: 'Regular expression' },
];

export function SearchBar({ search }: { readonly search: Search }) {
  const input = useRef<HTMLInputElement>(null);
  const asked = search.asked.value;
  // Before the next key comes.
  useLayoutEffect(() => {
    if (asked > 0) input.current?.select();
  }, [asked]);
  if (!search.isOpen.value) return null;
  const query = search.query.value;
  const change = (changes: Partial<SearchQuery>): void => {
    search.query.value = { ...search.query.peek(), ...changes };
  };
  return (
    <search class="search-bar">
      <input
        ref={input}
        type="search"
        class="text-field"
        aria-label="Search the chart: names, functions, addresses"
        placeholder="Names, functions, addresses"
        spellcheck={false}
        autocomplete="off"
        value={query.text}
        aria-invalid={search.problem.value !== ''}
        aria-describedby="search-found"
        onInput={(event) => change({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search.step(event.shiftKey ? -1 : 1);
        }}
      />
      {SWITCHES.map(({ id, sign, name }) => (
        <button
          key={id}
          type="button"
          class="tool search-switch"
          title={name}
          aria-label={name}
          aria-pressed={query[id]}
          data-sign={sign}
          onClick={() => change({ [id]: !query[id] })}
        />
      ))}
      <Steps search={search} />
      <output id="search-found" class={search.problem.value === '' ? 'search-found' : 'search-found bad'}>
        {tellFound(search)}
      </output>
      <button
        type="button"
        class="tool"
        aria-label="Close the search"
        title="Close (Esc)"
        onClick={search.close}
      >
        <CloseIcon />
      </button>
    </search>
  );
}

/** The way from find to find by mouse. */
function Steps({ search }: { readonly search: Search }) {
  const hasFinds = (search.matches.value?.boxes.length ?? 0) > 0;
  return (
    <>
      <button
        type="button"
        class="tool"
        aria-label="Previous find"
        title="Previous find (Shift+Enter, or , in the chart)"
        disabled={!hasFinds}
        onClick={() => search.step(-1)}
      >
        <UpIcon />
      </button>
      <button
        type="button"
        class="tool"
        aria-label="Next find"
        title="Next find (Enter, or . in the chart)"
        disabled={!hasFinds}
        onClick={() => search.step(1)}
      >
        <DownIcon />
      </button>
    </>
  );
}

function tellFound({ problem, matches, place, query }: Search): string {
  if (problem.value !== '') return problem.value;
  if (matches.value === null || query.value.text === '') return '';
  const count = matches.value.boxes.length;
  if (count === 0) return 'Nothing found';
  const finds = countOf(count, 'find');
  return place.value === 0 ? finds : `${formatCount(place.value)} of ${finds}`;
}
