/**
 * What a request loads, in the seven kinds that DevTools colours. In: Chrome's resource type, the answer's MIME type (old
 * traces know only that). Out: one of {@link REQUEST_KINDS}. Refuses nothing: what is none of them is `other`.
 */
import type { NetworkRequest } from '../analysis/index.ts';

export const REQUEST_KINDS = ['document', 'style', 'script', 'image', 'font', 'media', 'other'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export const REQUEST_KIND_NAMES: Readonly<Record<RequestKind, string>> = {
  document: 'Document',
  style: 'Style sheet',
  script: 'Script',
  image: 'Image',
  font: 'Font',
  media: 'Media',
  other: 'Other',
};

const BY_TYPE: Readonly<Record<string, RequestKind>> = {
  Document: 'document',
  Stylesheet: 'style',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  Media: 'media',
  TextTrack: 'media',
};

const BY_MIME: readonly (readonly [RegExp, RequestKind])[] = [
  [/^text\/html$|^application\/xhtml/i, 'document'],
  [/^text\/css$/i, 'style'],
  [/javascript|ecmascript/i, 'script'],
  [/^image\//i, 'image'],
  [/^font\/|\bfont\b|font-/i, 'font'],
  [/^(audio|video)\//i, 'media'],
];

export function kindOfRequest({
  resourceType,
  mimeType,
}: Pick<NetworkRequest, 'resourceType' | 'mimeType'>): RequestKind {
  if (Object.hasOwn(BY_TYPE, resourceType)) return BY_TYPE[resourceType];
  // Fetch, XHR and their like load data, whatever it is; no type at all is an old trace.
  if (resourceType !== '') return 'other';
  return BY_MIME.find(([pattern]) => pattern.test(mimeType))?.[1] ?? 'other';
}
