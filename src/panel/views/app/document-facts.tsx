/** All that a file of profiles tells of itself, and what is not here because only a trace has it. */
import type { OpenedProfiles } from '../../../engine/client.ts';
import type { DocumentView } from '../../state/document-view.ts';
import { countOf, formatMoment } from '../../words/format.ts';
import { FORMAT_NAMES } from '../../words/formats.ts';

export function DocumentFacts({ view }: { readonly view: DocumentView }) {
  const { opened, from } = view;
  const labels = Object.entries(opened.labels);
  return (
    <div class="document-facts">
      <dl class="facts">
        {factsOf(opened).map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
        {(from?.facts ?? []).map(([name, value]) => (
          <Fact key={`from ${name}`} name={name} value={value} />
        ))}
        {labels.map(([name, value]) => (
          <Fact key={`label ${name}`} name={name} value={value} />
        ))}
      </dl>
      <h2>What is not here</h2>
      <p>
        A profile is weighted stacks. Requests, frames, layout and paint, events with their arguments, vitals
        and insights are in recordings and traces alone
        {opened.bounds === null ? '; so is time: this file does not say when its samples were taken.' : '.'}
      </p>
      {dirtOf(opened).length > 0 && (
        <>
          <h2>What could not be read</h2>
          <ul>
            {dirtOf(opened).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

const factsOf = ({ format, threads, functions, samples, startUnixMillis }: OpenedProfiles) =>
  [
    ['Format', FORMAT_NAMES[format]],
    ['Threads', threads.map(({ title }) => title).join(', ')],
    ['Weights', [...new Set(threads.flatMap(({ weights }) => weights.map(({ name }) => name)))].join(', ')],
    ['Functions', String(functions)],
    ['Samples', String(samples)],
    ...(startUnixMillis === null ? [] : [['Taken', formatMoment(startUnixMillis, 0)] as const]),
  ] as const;

function dirtOf({ diagnostics }: OpenedProfiles): readonly string[] {
  const { malformed, unresolved, badWeights, leftOut } = diagnostics;
  return [
    ...(malformed > 0 ? [`${countOf(malformed, 'entry', 'entries')} that make no sense were left out.`] : []),
    ...(unresolved > 0
      ? [`${countOf(unresolved, 'entry', 'entries')} point at what is not in the file.`]
      : []),
    ...(badWeights > 0
      ? [`${countOf(badWeights, 'weight')} were negative or no numbers, and count as 0.`]
      : []),
    ...(leftOut > 0
      ? [`${countOf(leftOut, 'fact')} have no place here, such as labels of single samples.`]
      : []),
  ];
}
