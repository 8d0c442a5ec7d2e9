/**
 * What the trace says about the selected slice: facts with their units, the stack that caused it, and all arguments to
 * unfold. The page's own data is text here, never markup.
 */
import type { SliceArguments, SliceDetails } from '../../../engine/client.ts';
import { type ArgumentNode, type EventStack, formatCount, type SourcePlace } from '../../../flame/index.ts';
import type { ArgumentsState } from '../../state/facts/slice-arguments.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { shortenMiddle } from '../../words/format.ts';

/** Levels of the tree that are unfolded with it. */
const OPEN_LEVELS = 2;

interface SliceArgumentsProps {
  readonly view: Pick<TraceView, 'source'>;
  readonly state: ArgumentsState;
  /** Of the slice that is shown: it and its arguments arrive one after the other. */
  readonly details: SliceDetails;
}

export function SliceArgumentsView({ view, state, details: { slice, jsCall } }: SliceArgumentsProps) {
  if (state.kind === 'none' || state.slice !== slice) return null;
  switch (state.kind) {
    case 'reading':
      return (
        <p class="quiet arguments-wait" role="status">
          Reading its arguments from the trace…
        </p>
      );
    case 'failed':
      return (
        <p class="quiet" role="status">
          {state.message}
        </p>
      );
    case 'read':
      return <Said view={view} said={state.said} jsCall={jsCall} />;
  }
}

interface SaidProps {
  readonly view: SliceArgumentsProps['view'];
  readonly said: SliceArguments;
  readonly jsCall: boolean;
}

function Said({ view, said, jsCall }: SaidProps) {
  const { facts, stack, all } = said;
  return (
    <>
      {facts.length > 0 && (
        <dl class="facts said">
          {facts.map(({ name, text, source }) => [
            <dt key={`${name} name`} class={source === null ? '' : 'long'}>
              {name}
            </dt>,
            <dd key={name} class={source === null ? '' : 'long'}>
              {text}
              {text !== '' && source !== null && ' '}
              {source !== null && <Place source={source} />}
            </dd>,
          ])}
        </dl>
      )}
      {stack.frames.length > 0 && (
        <Stack view={view} title={jsCall ? 'Called by' : 'Caused by'} stack={stack} />
      )}
      {all.children.length > 0 ? (
        <details class="all-arguments">
          <summary>All arguments</summary>
          <Branch node={all} depth={0} />
        </details>
      ) : (
        !jsCall && facts.length === 0 && <p class="quiet">The trace says nothing more about it.</p>
      )}
    </>
  );
}

function Place({ source: { url, line, column } }: { readonly source: SourcePlace }) {
  const position = line > 0 ? `:${line}${column > 0 ? `:${column}` : ''}` : '';
  return (
    <span class="code" title={`${url}${position}`}>
      {shortenMiddle(url, 90)}
      {position}
    </span>
  );
}

interface StackProps {
  readonly view: SliceArgumentsProps['view'];
  readonly title: string;
  readonly stack: EventStack;
}

function Stack({ view, title, stack }: StackProps) {
  return (
    <section class="stack" aria-label={title}>
      <h3 class="quiet">{title}</h3>
      <ol>
        {stack.frames.map(({ text, source }, index) => (
          <li key={`${index} ${text}`}>
            <span class="code">{text}</span>{' '}
            {source !== null && source.url !== '' && (
              <button
                type="button"
                class="link-button"
                aria-label={`Show the source of ${text}`}
                onClick={() => {
                  view.source.value = { ...source };
                }}
              >
                <Place source={source} />
              </button>
            )}
          </li>
        ))}
      </ol>
      {stack.leftOut > 0 && <p class="quiet">and {formatCount(stack.leftOut)} more</p>}
    </section>
  );
}

/** A unit alone stands behind its number, the number in another unit in brackets. */
const unitOf = ({ unit }: ArgumentNode): string => (/\d/.test(unit) ? `(${unit})` : unit);

function Branch({ node, depth }: { readonly node: ArgumentNode; readonly depth: number }) {
  return (
    <ul class="arguments code">
      {node.children.map((child, index) => (
        <li key={`${index} ${child.name}`}>
          {child.children.length + child.leftOut > 0 ? (
            <details open={depth + 1 < OPEN_LEVELS}>
              <summary>{child.name}</summary>
              <Branch node={child} depth={depth + 1} />
            </details>
          ) : (
            <>
              <span class="quiet">{child.name}:</span> {child.text}
              {child.unit !== '' && <span class="quiet"> {unitOf(child)}</span>}
              {child.cut > 0 && <span class="quiet"> … and {formatCount(child.cut)} characters more</span>}
            </>
          )}
        </li>
      ))}
      {node.leftOut > 0 && <li class="quiet">and {formatCount(node.leftOut)} more</li>}
    </ul>
  );
}
