/**
 * What the flame chart hands on: notes, links, the ignore list, its menu. Most of it loads when it is asked for first
 * (notes-room.tsx), at once where the recording has notes.
 * In: the app, the open trace, what shows the list. Out: signals for the chart and the page, the chart's `onCommand`.
 */
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { ChartHandle, FlameChartProps } from '../../canvas/index.ts';
import type { ChartOverlay } from '../../canvas/paint/scene.ts';
import type { App } from '../../state/app.ts';
import type { TraceView } from '../../state/trace-view.ts';
import type { NotesRoom } from './notes-room.tsx';

export interface ChartDesk {
  /** null until it is loaded. */
  readonly room: ReadonlySignal<NotesRoom | null>;
  readonly overlay: ReadonlySignal<ChartOverlay | null>;
  readonly dims: ReadonlySignal<boolean>;
  readonly onCommand: NonNullable<FlameChartProps['onCommand']>;
  readonly load: () => Promise<NotesRoom>;
}

export function useChartDesk(app: App, view: TraceView, showList: () => void): ChartDesk {
  const [{ desk, follow }] = useState(() => createDesk(app, view, showList));
  useEffect(follow, [follow]);
  return desk;
}

function createDesk(
  app: App,
  view: TraceView,
  showList: () => void,
): { readonly desk: ChartDesk; readonly follow: () => () => void } {
  const room = signal<NotesRoom | null>(null);
  const dims = computed(() => app.outside.settings.current.value.settings.chart.dimThirdParties);
  const dim = (chart: ChartHandle): void => {
    const isOn = !dims.peek();
    void app.actions.changeSettings((all) => ({ ...all, chart: { ...all.chart, dimThirdParties: isOn } }));
    chart.announcement.value = isOn ? 'Third parties are dimmed' : 'Third parties are no longer dimmed';
  };
  let loading: Promise<NotesRoom> | null = null;
  const load = (): Promise<NotesRoom> => {
    loading ??= import('./notes-room.tsx').then(({ openNotes }) => {
      const opened = openNotes({ app, view, dim, showList });
      room.value = opened;
      return opened;
    });
    return loading;
  };
  const desk: ChartDesk = {
    room,
    overlay: computed(() => room.value?.overlay.value ?? null),
    dims,
    load,
    onCommand(command, chart, at) {
      if (command === 'dim-third-parties') {
        dim(chart);
        return true;
      }
      if (command === 'picture-png' || command === 'picture-svg') return false;
      const known = room.peek();
      if (known !== null) return known.obey(command, chart, at);
      void load().then((opened) => opened.obey(command, chart, at));
      return true;
    },
  };
  return {
    desk,
    follow() {
      const stop = effect(() => {
        const { ignored } = app.outside.settings.current.value.settings.chart;
        if (view.notes.notes.value.annotations.length > 0 || ignored.length > 0) void load();
      });
      return () => {
        stop();
        room.peek()?.dispose();
      };
    },
  };
}
