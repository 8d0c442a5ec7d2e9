/** The menu that copies a table as it stands, and the functions that took most. */
import type { Aggregated } from '../state/aggregated.ts';
import { type TableFormat, type TextTable, writeTable } from '../state/table-text.ts';
import { functionOfNode, nameOfNode } from '../state/tree-rows.ts';
import type { TreeView } from '../state/tree-view.ts';
import { formatWeight, weightHead } from '../words/weights.ts';
import { DownIcon } from './icons.tsx';
import { Menu } from './menu.tsx';

interface CopyMenuProps {
  readonly aggregated: Aggregated;
  readonly tree: TreeView;
}

/** Functions that `Copy the heaviest` takes. */
const TOP = 20;

const FORMATS: readonly { readonly id: TableFormat; readonly name: string }[] = [
  { id: 'text', name: 'Copy the rows as text' },
  { id: 'csv', name: 'Copy the rows as CSV' },
  { id: 'markdown', name: 'Copy the rows as Markdown' },
];

export function CopyMenu({ aggregated, tree }: CopyMenuProps) {
  const id = tree.inverted ? 'copy-bottom-up' : 'copy-call-tree';
  const copyTop = {
    key: 'top',
    label: `Copy the ${TOP} heaviest functions as Markdown`,
    startsGroup: true,
    onChoose: () =>
      void aggregated.copy(
        writeTable(tableOfTop(aggregated, tree), 'markdown'),
        `The ${TOP} heaviest functions`,
      ),
  };
  return (
    <Menu
      id={id}
      label="Copy"
      buttonClass="tool copy-button"
      button={
        <>
          Copy
          <DownIcon />
        </>
      }
      entries={[
        ...FORMATS.map(({ id: format, name }) => ({
          key: format,
          label: name,
          onChoose: () =>
            void aggregated.copy(writeTable(tableOfRows(aggregated, tree), format), 'The table'),
        })),
        ...(tree.inverted && tree.group.value === 'none' ? [copyTop] : []),
      ]}
    />
  );
}

const HEAD_OF_NAMES = ['Activity', 'Source'];

function tableOfRows(aggregated: Aggregated, tree: TreeView): TextTable {
  return tableOf(
    aggregated,
    tree,
    tree.rows.peek().map(({ node }) => node),
  );
}

function tableOfTop(aggregated: Aggregated, tree: TreeView): TextTable {
  const columns = tree.answer.peek()?.tree;
  const nodes: number[] = [];
  if (columns !== undefined)
    for (let node = 0; node < columns.length && nodes.length < TOP; node = columns.subtreeEnd[node])
      nodes.push(node);
  return tableOf(aggregated, tree, nodes);
}

function tableOf(aggregated: Aggregated, tree: TreeView, nodes: readonly number[]): TextTable {
  const answer = tree.answer.peek();
  const weighed = aggregated.profile.unit.peek();
  const unit = weightHead(weighed);
  const head = tree.inverted ? [`Self, ${unit}`] : [`Self, ${unit}`, `Total, ${unit}`];
  const rows =
    answer === null
      ? []
      : nodes.map((node) => {
          const { self, total, depth } = answer.tree;
          const weights = tree.inverted ? [total[node]] : [self[node], total[node]];
          const { url, line, column } = functionOfNode(answer, node);
          return [
            ...weights.map((weight) => formatWeight(weight, weighed).replace(/\s/g, '')),
            `${'  '.repeat(depth[node])}${nameOfNode(answer, node)}`,
            url === '' ? '' : `${url}:${line}:${column}`,
          ];
        });
  return { head: [...head, ...HEAD_OF_NAMES], numbers: [...head.map(() => true), false, false], rows };
}
