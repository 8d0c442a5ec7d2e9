/**
 * `npm run bench`: ours beside JSON.parse and the peers, and what each figure is.
 * In: options below. Out: tables in Markdown on the console; traces and our built core stay in the cache
 * (os.tmpdir()/pageflame-bench, about 1.6 GB with all sizes).
 *
 *   --only node,formats,chromium,frames,panel,stop,cost,pprof,views,push   the parts to run; all by default. `ingredients`: of
 *                                                                          recording, one by one; `pairs`: of loads
 *   --sizes 20,44,70,100,300,1100    megabytes of plain JSON, for node
 *   --runs 5                         runs of each kind, whose median is shown
 *   --no-peers                       ours and JSON.parse alone
 *   --to pyroscope,profiles,traces,jaeger   the backends, for push; all by default
 */
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { megabytes } from './figures.mjs';
import { buildExtension, buildForNode, installPeers } from './places.mjs';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string', default: 'node,formats,chromium,frames,panel,stop,cost,pprof,views,push' },
    sizes: { type: 'string', default: '20,44,70,100,300,1100' },
    runs: { type: 'string', default: '5' },
    peers: { type: 'boolean', default: true },
    to: { type: 'string', default: 'pyroscope,profiles,traces,jaeger' },
  },
});
const parts = new Set(values.only.split(','));
const sizes = values.sizes.split(',').map(Number);
const runs = Number(values.runs);

if (values.peers) installPeers();
const core = await buildForNode('core');
const extension = ['chromium', 'frames', 'panel', 'stop'].some((part) => parts.has(part))
  ? await buildExtension()
  : '';
tellMachine();
if (parts.has('node')) {
  const { runNodeBench } = await import('./node-bench.mjs');
  await runNodeBench({ core, runs, sizes, peers: values.peers });
}
if (parts.has('formats')) {
  const { runFormatBench } = await import('./format-bench.mjs');
  await runFormatBench({ core, runs });
}
if (parts.has('chromium')) {
  const { runChromiumBench } = await import('./chromium-bench.mjs');
  await runChromiumBench({ extension, runs, sizes });
}
if (parts.has('frames')) {
  const { runFramesBench } = await import('./frames-bench.mjs');
  await runFramesBench({ extension, peers: values.peers });
}
if (parts.has('panel')) {
  const { runPanelBench } = await import('./panel-bench.mjs');
  await runPanelBench({ extension, runs });
}
if (parts.has('stop')) {
  const { runStopBench } = await import('./stop-bench.mjs');
  await runStopBench({ extension, runs });
}
if (parts.has('cost')) {
  const { runCostBench } = await import('./cost-bench.mjs');
  await runCostBench({ runs });
}
if (parts.has('pprof')) {
  const { runPprofBench } = await import('./pprof-bench.mjs');
  await runPprofBench({ profiles: await buildForNode('profiles'), runs, peers: values.peers });
}
if (parts.has('views')) {
  const { runViewsBench } = await import('./views-bench.mjs');
  await runViewsBench({ views: await buildForNode('views'), runs });
}
if (parts.has('push')) {
  const { runPushBench } = await import('./push-bench.mjs');
  await runPushBench({ push: await buildForNode('push'), to: new Set(values.to.split(',')) });
}
if (parts.has('pairs')) {
  const { runCostPairs } = await import('./cost-pairs.mjs');
  await runCostPairs({ runs });
}
if (parts.has('ingredients')) {
  const { runIngredientsBench } = await import('./ingredients-bench.mjs');
  await runIngredientsBench({ runs });
}
tellMachine();

/** What else the machine does warns of figures that mean little. */
function tellMachine() {
  const [processor] = cpus();
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  console.log(
    `bench: ${new Date().toISOString()}, Node ${process.versions.node}, ${cpus().length} x ${processor.model}, ` +
      `${megabytes(totalmem())}; load of the last 1, 5 and 15 minutes ${load} (a quiet machine has under 1)`,
  );
}
