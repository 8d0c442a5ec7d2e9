/** In the chart's place until it is laid out, which takes seconds where there are millions of slices; Cancel leaves the trace. */
export function ChartWait({ onCancel }: { readonly onCancel: () => void }) {
  return (
    <p class="chart-wait quiet" role="status">
      Laying out the flame chart…{' '}
      <button type="button" class="link-button" onClick={onCancel}>
        Cancel
      </button>
    </p>
  );
}
