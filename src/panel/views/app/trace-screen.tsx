/**
 * One open trace: the summary line, filmstrip and overview, the flame chart, and the details under it.
 */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Recording } from '../../../recording/index.ts';
import type { FrameScheduler } from '../../canvas/frame-scheduler.ts';
import { FlameChart, OverviewStrip } from '../../canvas/index.ts';
import type { ThemeName } from '../../canvas/paint/theme.ts';
import type { App } from '../../state/app.ts';
import { shelfOfTrace } from '../../state/facts/page-pictures.ts';
import { judgeQuality } from '../../state/facts/quality.ts';
import { openSourceOfSelected } from '../../state/source/selected-source.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { Breadcrumbs } from '../chart/breadcrumbs.tsx';
import { useChartDesk } from '../chart/chart-desk.ts';
import { Filmstrip } from '../chart/filmstrip.tsx';
import { HiddenTracks } from '../chart/hidden-tracks.tsx';
import { SearchBar } from '../chart/search-bar.tsx';
import type { AskedTrackMenu } from '../chart/track-menu.tsx';
import { TrackMenuHost } from '../chart/track-menu-host.tsx';
import { Details, type DetailsTab } from '../facts/details.tsx';
import { usePagePictures } from '../facts/page-pictures.ts';
import { SummaryLine } from '../facts/summary-line.tsx';
import { ChartWait } from '../parts/chart-wait.tsx';
import { isFocusFree } from '../parts/free-focus.ts';
import { Splitter } from '../parts/splitter.tsx';
import { HiddenBar } from '../profile/hidden-bar.tsx';

export interface LookProps {
  readonly theme: ThemeName;
  /** One for all canvases. */
  readonly scheduler: FrameScheduler;
  /** CSS pixels. */
  readonly detailsHeight: Signal<number>;
}

export interface TraceScreenProps extends LookProps {
  readonly app: App;
  readonly view: TraceView;
  readonly recording: Recording | null;
  readonly name: string;
}

export function TraceScreen({
  app,
  view,
  recording,
  name,
  theme,
  scheduler,
  detailsHeight,
}: TraceScreenProps) {
  const tab = useSignal<DetailsTab>('summary');
  const { opened, origin, viewport, measured } = view;
  const desk = useChartDesk(app, view, () => {
    tab.value = 'notes';
    document.getElementById('tab-notes')?.focus();
  });
  const quality = useMemo(() => judgeQuality(recording, opened.diagnostics, opened), [recording, opened]);
  const chart = view.chart.value;
  const screen = useRef<HTMLElement>(null);
  useEffect(() => {
    // Its keys work at once, unless the user is somewhere else already.
    if (chart === null || !isFocusFree()) return;
    screen.current?.querySelector<HTMLElement>('.flame-chart')?.focus({ preventScroll: true });
  }, [chart]);
  useEffect(
    () =>
      view.source.subscribe((place) => {
        if (place !== null) tab.value = 'source';
      }),
    [view, tab],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.code !== 'KeyO' || event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target))
      return;
    if (openSourceOfSelected(view)) event.preventDefault();
  };
  const trackMenu = useSignal<AskedTrackMenu | null>(null);
  const shelf = shelfOfTrace({ ...app.outside, opened, recording, from: view.afterChart });
  const pictures = usePagePictures(shelf);
  const axis = { viewport, measured, origin, milestones: opened.milestones, theme, scheduler };
  return (
    <main
      ref={screen}
      class="trace-screen"
      onKeyDown={onKeyDown}
      style={{ '--details-height': `${detailsHeight.value}px` }}
    >
      <h1 class="for-readers">{name}</h1>
      <SummaryLine view={view} recording={recording} quality={quality} tab={tab} />
      {shelf !== null && <Filmstrip shelf={shelf} range={view.overview.range.value} origin={origin} />}
      <Breadcrumbs overview={view.overview} />
      <OverviewStrip
        {...axis}
        content={view.overview.content.value}
        bounds={view.overview.range.value}
        onZoomInto={view.overview.zoomInto}
        onStepOut={view.overview.stepOut}
      />
      {chart === null ? (
        <ChartWait onCancel={app.actions.showHome} />
      ) : holdsNothing(view) ? (
        <p class="chart-wait" role="status">
          There is nothing in this trace: no slice of any thread, no sample, no request, no frame. It was
          recorded without the categories that hold them, or nothing happened. Record the page again, or open
          another file.
        </p>
      ) : (
        <FlameChart
          {...axis}
          chart={chart}
          selection={view.selection}
          tracks={view.tracks.choices}
          home={view.home}
          matches={view.search.matches}
          hidden={view.hidden}
          marks={view.marks}
          dims={desk.dims}
          overlay={desk.overlay}
          onPainted={view.onPainted}
          onCommand={desk.onCommand}
          pictures={pictures}
          crumbs={view.overview}
          onTrackMenu={(track, chartView, at) => {
            trackMenu.value = { track, view: chartView, at };
            return true;
          }}
          onSelect={(slice) => {
            // The aggregated views go on beside what is selected; these two say nothing of it.
            const says = tab.peek() !== 'page' && tab.peek() !== 'quality';
            if (slice !== null && !says) tab.value = 'summary';
          }}
        />
      )}
      <HiddenTracks tracks={view.tracks} />
      <HiddenBar hidden={view.hidden} />
      <TrackMenuHost tracks={view.tracks} profile={view.profile} asked={trackMenu} />
      {desk.room.value?.Bar()}
      <SearchBar search={view.search} />
      <Splitter height={detailsHeight} />
      <Details
        app={app}
        view={view}
        recording={recording}
        quality={quality}
        tab={tab}
        desk={desk}
        theme={theme}
        scheduler={scheduler}
      />
    </main>
  );
}

/** Not where it is only hidden. */
const holdsNothing = ({ opened, chart }: TraceView): boolean =>
  chart.value?.boxes.length === 0 &&
  opened.threads.every(({ slices, samples }) => slices === 0 && samples === 0);

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(input|textarea|select)$/i.test(target.tagName);
