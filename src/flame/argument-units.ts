/**
 * What the number under a key means, by the words that Chrome's keys are made of: for arguments that no row of
 * event-fact-table.ts tells in words.
 * In: the key, and the value. Out: its kind, and the value in words with its unit; '' where the number says it all (ids,
 * counts, lines). Keys of the page's own that happen to be called so are read alike.
 */
import { formatBytes, formatExactDuration } from './format.ts';

export type ArgumentKind =
  | 'id'
  | 'bytes'
  | 'micros'
  | 'millis'
  | 'seconds'
  | 'pixels'
  | 'count'
  | 'place'
  | 'score'
  | 'code';

/** The first that fits. */
const KINDS: readonly (readonly [RegExp, ArgumentKind])[] = [
  [/(_us|Us|Micros|Microseconds|callTime)$|^(tdur|tts|ts|dur)$/, 'micros'],
  [/(_ms|Ms|Millis|Milliseconds)$/, 'millis'],
  [
    /^(timeout|delay|allottedMilliseconds|duration|timeStamp|startTime|processingStart|processingEnd)$/,
    'millis',
  ],
  [
    /^(commitFinishTime|enqueuedToMainThreadTime|interactionOffset|image(DiscoveryTime|LoadStart|LoadEnd)|fallbackTime|responseTime|last_input_timestamp)$/,
    'millis',
  ],
  [/^(proxy|dns|connect|ssl|send|receiveHeaders|worker|push)(Start|End|Ready)$/, 'millis'],
  [/(InSeconds|_s)$|^(finishTime|networkTime|requestTime)$/, 'seconds'],
  [/bytes|Bytes|encodedDataLength|decodedBodyLength|dataLength|CacheSize$|[hH]eapSize/, 'bytes'],
  [
    /(^|_)(ids?|iid|pid|tid|handle)$|(Id|Ids|Index)$|^(identifier|frameSeqId|LazyPixelRef|epoch|isolate)$/,
    'id',
  ],
  [/sequence|_source$|source_id|[fF]rameNumber|rootNode$|renderer_pid$/, 'id'],
  [
    /(^|_)(x|y|width|height|absX|absY|relX|relY)$|Width$|Height$|_distance$|(^|_)(rects?|clip|quads?|root)$/,
    'pixels',
  ],
  [
    /[cC]ount$|^num|^total|Objects$|^depth$|Children$|Elements$|^(documents|nodes|jsEventListeners|parsed_tokens)$/,
    'count',
  ],
  [/[lL]ine$|[lL]ineNumber$|[cC]olumn$|[cC]olumnNumber$|char_pos/, 'place'],
  [/score|Score/, 'score'],
  [/^(statusCode|readyState|feature|compositeFailed|needsBeginFrame|behavior)$/, 'code'],
];

export function kindOfArgument(key: string): ArgumentKind | null {
  return KINDS.find(([pattern]) => pattern.test(key))?.[1] ?? null;
}

/** `24.9 MB` for `used_bytes`; of a list the key of the list counts. */
export function wordsOfArgument(key: string, value: number): string {
  if (!Number.isFinite(value)) return '';
  switch (kindOfArgument(key)) {
    case 'bytes':
      return value < 0 ? '' : formatBytes(value);
    case 'micros':
      return formatExactDuration(value);
    case 'millis':
      return formatExactDuration(value * 1e3);
    case 'seconds':
      return formatExactDuration(value * 1e6);
    case 'pixels':
      return 'px';
    default:
      return '';
  }
}
