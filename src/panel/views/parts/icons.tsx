/**
 * Our own icons, drawn on a 16 × 16 grid in the text's colour. Always beside a word or inside a named button: they are
 * hidden from screen readers.
 */
import type { ComponentChildren } from 'preact';

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': 1.5,
  'stroke-linecap': 'round',
} as const;

export const RecordIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5" fill="currentColor" />
  </Icon>
);

export const ReloadIcon = () => (
  <Icon>
    <path {...line} d="M12.6 6A5 5 0 1 0 13 8.6" />
    <path d="M13.6 2.6v4.2H9.4z" fill="currentColor" />
  </Icon>
);

export const StopIcon = () => (
  <Icon>
    <rect x="3.5" y="3.5" width="9" height="9" rx="1" fill="currentColor" />
  </Icon>
);

export const OpenIcon = () => (
  <Icon>
    <path {...line} d="M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.8 10.5v2.7h10.4v-2.7" stroke-linejoin="round" />
  </Icon>
);

export const SaveIcon = () => (
  <Icon>
    <path {...line} d="M8 2.3v8M4.8 7.2 8 10.4l3.2-3.2M2.8 10.5v2.7h10.4v-2.7" stroke-linejoin="round" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path {...line} d="M2.6 7.2 13.4 2.6 9.6 13.4 7.6 8.6z M7.6 8.6l5.8-6" stroke-linejoin="round" />
  </Icon>
);

export const SettingsIcon = () => (
  <Icon>
    <path {...line} d="M2.5 4.5h5.2M11.3 4.5h2.2M2.5 11.5h2.2M8.3 11.5h5.2" />
    <circle {...line} cx="9.5" cy="4.5" r="1.8" />
    <circle {...line} cx="6.5" cy="11.5" r="1.8" />
  </Icon>
);

export const CompareIcon = () => (
  <Icon>
    <path {...line} d="M2.5 5.5h10M9.8 2.8l2.7 2.7-2.7 2.7M13.5 10.5h-10M6.2 7.8l-2.7 2.7 2.7 2.7" />
  </Icon>
);

export const DeleteIcon = () => (
  <Icon>
    <path {...line} d="M3 4.2h10M6.2 4V2.6h3.6V4M4.3 4.5l.5 8.7h6.4l.5-8.7" stroke-linejoin="round" />
  </Icon>
);

export const TagIcon = () => (
  <Icon>
    <path {...line} d="M2.5 7.5v-5h5l6 6-5 5z" />
    <circle cx="5.3" cy="5.3" r="1" fill="currentColor" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path {...line} d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);

export const DownIcon = () => (
  <Icon>
    <path d="M4.5 6.5h7L8 10.5z" fill="currentColor" />
  </Icon>
);

export const UpIcon = () => (
  <Icon>
    <path d="M4.5 9.5h7L8 5.5z" fill="currentColor" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <circle cx="8" cy="3.5" r="1.4" fill="currentColor" />
    <circle cx="8" cy="8" r="1.4" fill="currentColor" />
    <circle cx="8" cy="12.5" r="1.4" fill="currentColor" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path {...line} d="m3.5 8.5 3 3 6-7" stroke-linejoin="round" />
  </Icon>
);

/** A triangle: look out. */
export const CautionIcon = () => (
  <Icon>
    <path {...line} d="M8 2.5 14 13.3H2z" stroke-linejoin="round" />
    <path {...line} d="M8 6.5v3M8 11.4v.1" />
  </Icon>
);

/** An octagon: something is missing. */
export const BadIcon = () => (
  <Icon>
    <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z" fill="currentColor" />
    <path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4" stroke="var(--ground)" stroke-width="1.5" />
  </Icon>
);

/** Ratings differ in shape, not only in colour: circle, square, triangle. */
export function RatingIcon({ rating }: { readonly rating: 'good' | 'needs-improvement' | 'poor' }) {
  return (
    <svg class={`icon rating rating-${rating}`} viewBox="0 0 16 16" width="10" height="10" aria-hidden="true">
      {rating === 'good' && <circle cx="8" cy="8" r="7" fill="currentColor" />}
      {rating === 'needs-improvement' && <rect x="2" y="2" width="12" height="12" fill="currentColor" />}
      {rating === 'poor' && <path d="M8 1 16 15H0z" fill="currentColor" />}
    </svg>
  );
}
