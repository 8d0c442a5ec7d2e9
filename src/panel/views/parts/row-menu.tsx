/** What can be done with the active row of a tree: a menu that names the keys, too. */
import type { Aggregated } from '../../state/profile/aggregated.ts';
import { functionOfNode } from '../../state/profile/row-keys.ts';
import { nameOfNode } from '../../state/profile/tree-rows.ts';
import type { TreeView } from '../../state/profile/tree-view.ts';
import { DownIcon } from './icons.tsx';
import { Menu } from './menu.tsx';

interface RowMenuProps {
  readonly aggregated: Aggregated;
  readonly tree: TreeView;
}

export function RowMenu({ aggregated, tree }: RowMenuProps) {
  const answer = tree.answer.value;
  const node = tree.rows.value.at(tree.active.value)?.node ?? -1;
  const isGroup = answer !== null && node >= 0 && answer.tree.frame[node] >= answer.firstGroup;
  const ref = answer === null || node < 0 ? null : functionOfNode(answer, node);
  const noFunction = ref === null || isGroup;
  const id = tree.inverted ? 'row-bottom-up' : 'row-call-tree';
  return (
    <Menu
      id={id}
      label="Row"
      buttonClass="tool tree-row-button"
      title={ref === null ? 'Choose a row first' : 'What can be done with the chosen row'}
      button={
        <>
          Row
          <DownIcon />
        </>
      }
      entries={[
        {
          key: 'chart',
          label: <WithKey does="Show its longest slice in the chart" keys="Enter" />,
          disabled: noFunction,
          onChoose: () => {
            if (ref !== null) void aggregated.showInChart(ref);
          },
        },
        {
          key: 'source',
          label: <WithKey does="Show its source" keys="Shift+Enter" />,
          disabled: noFunction || ref.url === '',
          onChoose: () => {
            if (ref !== null) aggregated.openSource(ref);
          },
        },
        {
          key: 'below',
          label: <WithKey does="Open all below it" keys="*" />,
          disabled: ref === null,
          onChoose: () => tree.openAll(tree.active.peek()),
        },
        {
          key: 'name',
          label: 'Copy its name and place',
          startsGroup: true,
          disabled: ref === null || answer === null,
          onChoose: () => {
            if (ref === null || answer === null) return;
            const place = ref.url === '' ? '' : ` ${ref.url}:${ref.line}:${ref.column}`;
            void aggregated.copy(`${nameOfNode(answer, node)}${place}`, 'The name');
          },
        },
      ]}
    />
  );
}

function WithKey({ does, keys }: { readonly does: string; readonly keys: string }) {
  return (
    <span class="with-key">
      {does} <kbd class="quiet">{keys}</kbd>
    </span>
  );
}
