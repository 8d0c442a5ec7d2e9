/**
 * Pictures of what a chart shows, into the browser's downloads. In: the app, a chart, a form. Out: a file; what makes it
 * (canvas/picture.ts) loads with the first.
 */
import { formatDuration } from '../../../flame/index.ts';
import { recordingFileName } from '../../../recording/index.ts';
import type { ChartHandle } from '../../canvas/index.ts';
import type { PictureDesk, PictureForm } from '../../canvas/paint/pictures.ts';
import type { App } from '../../state/app.ts';

export const nameOfChart = (chart: ChartHandle): string => chart.props.peek().graph?.name ?? 'Flame chart';

export function createPictureDesk(app: App): PictureDesk {
  const save = async (chart: ChartHandle, form: PictureForm): Promise<void> => {
    const { makePng, makeSvg, tellRange } = await import('../../canvas/paint/picture.ts');
    const scene = chart.scene();
    const shown = app.opener.shown.peek();
    if (scene === null || shown.kind === 'none') return;
    const { graph } = chart.props.peek();
    const recording = app.current.peek();
    const what = recording === null ? shown.name : recording.title || recording.url;
    const { start, end } = chart.props.peek().viewport.peek();
    const order = {
      scene,
      size: chart.size.peek(),
      title: `${nameOfChart(chart)} — ${what}`,
      subtitle: [
        ...(recording === null ? [] : [recording.url, new Date(recording.startedAt).toISOString()]),
        graph === undefined
          ? `${tellRange(scene)}, of ${formatDuration(scene.chart.bounds.end - scene.chart.bounds.start)}`
          : `${graph.tell(end - start)} of ${graph.tell(graph.whole)}`,
      ].join(' · '),
      scale: graph === undefined ? null : (share: number) => graph.tell(start + share * (end - start)),
    };
    const file =
      form === 'png' ? await makePng(order) : new Blob([makeSvg(order)], { type: 'image/svg+xml' });
    app.outside.download(fileName(app, nameOfChart(chart), form), file);
    chart.announcement.value = `A picture was saved as ${form.toUpperCase()}`;
  };
  return { charts: new Set(), save: (chart, form) => void save(chart, form) };
}

/** `shop.example-2026-03-01-flame-chart.png`. */
function fileName(app: App, chart: string, form: PictureForm): string {
  const recording = app.current.peek();
  const shown = app.opener.shown.peek();
  const whole = recording !== null ? recordingFileName(recording) : shown.kind === 'none' ? '' : shown.name;
  const stem = whole.replace(/(\.(json|pftrace|perfetto-trace|pageflame|gz|gzip))+$/i, '') || 'trace';
  const part = chart.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `${stem}-${part}.${form}`;
}
