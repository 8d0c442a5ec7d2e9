/** The menu that copies and saves a tree's table as it stands, and the functions that took most. */

import type { Aggregated } from '../../state/profile/aggregated.ts';
import { functionOfNode } from '../../state/profile/row-keys.ts';
import { MOST_COPIED, type TextTable, writeTable } from '../../state/profile/table-text.ts';
import { nameOfNode } from '../../state/profile/tree-rows.ts';
import type { TreeView } from '../../state/profile/tree-view.ts';
import { describeAddress } from '../../words/places.ts';
import { formatWeight, weightHead } from '../../words/weights.ts';
import type { MenuEntry } from './menu.tsx';
import { TableMenu } from './table-menu.tsx';

interface CopyMenuProps {
  readonly aggregated: Aggregated;
  readonly tree: TreeView;
}

/** Functions that `Copy the heaviest` takes. */
const TOPS = [10, 20, 50] as const;

export function CopyMenu({ aggregated, tree }: CopyMenuProps) {
  const isListed = tree.inverted && tree.group.value === 'none';
  const tops = TOPS.map(
    (count, index): MenuEntry => ({
      key: `top ${count}`,
      label: `Copy the ${count} heaviest functions as Markdown`,
      startsGroup: index === 0,
      onChoose: () =>
        void aggregated.copy(
          writeTable(tableOfTop(aggregated, tree, count), 'markdown'),
          `The ${count} heaviest functions`,
        ),
    }),
  );
  return (
    <TableMenu
      id={tree.inverted ? 'copy-bottom-up' : 'copy-call-tree'}
      door={aggregated}
      name={tree.inverted ? 'bottom-up' : 'call-tree'}
      makeTable={() => tableOfRows(aggregated, tree)}
      more={isListed ? tops : []}
    />
  );
}

const HEAD_OF_NAMES = ['Activity', 'Source'];

function tableOfRows(aggregated: Aggregated, tree: TreeView): TextTable {
  const { nodes } = tree.rows.peek();
  const table = tableOf(aggregated, tree, nodes.slice(0, MOST_COPIED));
  return { ...table, leftOut: Math.max(0, nodes.length - MOST_COPIED) };
}

function tableOfTop(aggregated: Aggregated, tree: TreeView, count: number): TextTable {
  const columns = tree.answer.peek()?.tree;
  const nodes: number[] = [];
  if (columns !== undefined)
    for (let node = 0; node < columns.length && nodes.length < count; node = columns.subtreeEnd[node])
      nodes.push(node);
  return tableOf(aggregated, tree, nodes);
}

/** As the grid has it: bottom-up, what a function took with all that it called stands at its own row alone. */
function tableOf(aggregated: Aggregated, tree: TreeView, nodes: readonly number[]): TextTable {
  const answer = tree.answer.peek();
  const weighed = aggregated.profile.unit.peek();
  const unit = weightHead(weighed);
  const head = [`Self, ${unit}`, `Total, ${unit}`];
  const write = (weight: number): string => formatWeight(weight, weighed).replace(/\s/g, '');
  const rows =
    answer === null
      ? []
      : nodes.map((node) => {
          const { self, total, depth, frame } = answer.tree;
          const isOwnRow = depth[node] === (answer.firstGroup < answer.frames.length ? 1 : 0);
          const whole = tree.inverted
            ? isOwnRow && frame[node] < answer.firstGroup
              ? write(answer.totals[frame[node]])
              : ''
            : write(total[node]);
          const { url, line, column } = functionOfNode(answer, node);
          return [
            write(tree.inverted ? total[node] : self[node]),
            whole,
            `${'  '.repeat(depth[node])}${nameOfNode(answer, node)}`,
            describeAddress({ url, line, column }),
          ];
        });
  return { head: [...head, ...HEAD_OF_NAMES], numbers: [true, true, false, false], rows };
}
