/**
 * The sandwich: a list of functions, the heaviest by itself first, and of the chosen one its callers above and its
 * callees below.
 */

import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Aggregated } from '../../state/profile/aggregated.ts';
import { functionOfNode } from '../../state/profile/row-keys.ts';
import { Graph, type GraphLooks, NOTHING_RAN } from './graph-canvas.tsx';
import { GraphEmpty } from './graph-empty.tsx';
import { TreeGrid } from './tree-table.tsx';

interface SandwichProps extends GraphLooks {
  readonly aggregated: Aggregated;
}

export function Sandwich({ aggregated, ...looks }: SandwichProps) {
  const { functions, graph } = aggregated;
  useEffect(() => {
    const stop = functions.follow();
    const choose = effect(() => {
      const answer = functions.answer.value;
      const row = functions.rows.value.at(functions.active.value);
      if (answer === null) return;
      if (row !== undefined) graph.middle.value = functionOfNode(answer, row.node);
      else if (graph.middle.peek() === null && answer.tree.length > 0)
        graph.middle.value = functionOfNode(answer, 0);
    });
    return () => {
      stop();
      choose();
    };
  }, [functions, graph]);
  if (functions.answer.value?.tree.length === 0)
    return <GraphEmpty transforms={aggregated.profile.transforms} words={NOTHING_RAN} />;
  const name = graph.middle.value?.name ?? '';
  return (
    <div class="sandwich">
      <TreeGrid aggregated={aggregated} tree={functions} name="Functions" />
      <div class="sandwich-sides">
        <section aria-label={`Callers of ${name}`}>
          <h2>Callers of {name}</h2>
          <Graph
            aggregated={aggregated}
            part={graph.callers}
            name={`Callers of ${name}`}
            upward={true}
            {...looks}
          />
        </section>
        <section aria-label={`Callees of ${name}`}>
          <h2>What {name} calls</h2>
          <Graph
            aggregated={aggregated}
            part={graph.callees}
            name={`What ${name} calls`}
            upward={false}
            {...looks}
          />
        </section>
      </div>
    </div>
  );
}
