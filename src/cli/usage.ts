/**
 * What the command line says about itself.
 * In: a command's name, or none. Out: its help as text; of none, all of them.
 */

/** Each begins with what is typed; what follows is indented under it. */
const HELP = {
  record: `  pageflame record URL [-o FILE] [--preset standard|light|detailed] [--tag NAME=VALUE]…
                   [--push --to BASEURL --kind … as for push]
      Loads URL in a headless Chromium, records the load, and writes it as a .pageflame file; then sends it.
      Prints the file's path as the last line. Ctrl+C (or SIGTERM) ends the recording and keeps it, a second one throws it
      away. What was cut off, and a page that could not be loaded, is written, too, and exits with 1.
      --tag              kept with the recording; becomes a label when it is sent
      --preset           light: no JavaScript samples, no filmstrip, costs the load least;
                         detailed: script texts and what made styles and layouts invalid, too
`,
  summary: `  pageflame summary FILE [--json] [--from MICROS --to MICROS] [--events-only]
      Says where the time of a recording or trace went: .pageflame, Perfetto, or trace-event JSON, gzip or plain.
      --json             one JSON object on stdout and nothing else
      --from, --to       the window in trace timestamps (µs); the whole trace by default
      --events-only      leaves V8's samples out
`,
  push: `  pageflame push FILE --to BASEURL --kind pyroscope|parca|otlp|otlp-traces [--label NAME=VALUE]…
                 [--tenant T] [--time ISO] [--thread main|PID:TID|all] [--from MICROS --until MICROS]
                 [--ask URL] [--restamp] [--file-names] [--source-maps DIR|FILE] [--preview]
      Sends the profiles of a recording or trace (otlp-traces: its page load as a trace) to a backend, and says where to
      look at it. Secrets: PAGEFLAME_PUSH_TOKEN, or PAGEFLAME_PUSH_USER and PAGEFLAME_PUSH_PASSWORD.
      --time             when the recording began, for files that do not say
      --from, --until    the part that is sent, in trace timestamps (µs); of profiles only, as is --thread
      --ask              where Jaeger is asked what has arrived, such as http://127.0.0.1:16686
      --restamp          with the time of sending, where Pyroscope calls the recording too old (else: ad hoc upload)
      --file-names       function names carry their file (app.js:render), for Pyroscope
      --preview          shows all that would leave, and sends nothing
`,
  export: `  pageflame export FILE --format pprof|otlp|speedscope|folded|cpuprofile|trace|pftrace|svg
                 [--thread main|PID:TID|all] [--type cpu|wall] [--from MICROS --to MICROS] [--js-only]
                 [--source-maps DIR|FILE] -o OUT
      Writes a recording, trace or profile as a file of another tool's format (docs/profiles.md). Prints OUT.
      --thread           main for cpuprofile, folded and svg, all for the others, unless said
      --type             cpu: without idle time (default); wall: with it
      --js-only          JavaScript frames alone; work of the browser counts for the function that caused it
      --source-maps      names, files and lines as the authors wrote them
      -o -               writes to stdout
`,
  top: `  pageflame top FILE [-n 20] [--thread main|PID:TID|all] [--from MICROS --to MICROS] [--json]
                [--source-maps DIR|FILE]
      The functions, and work of the browser, that took most of the main thread.
`,
  diff: `  pageflame diff BEFORE AFTER [-n 20] [--thread main|all] [--json] [--source-maps DIR|FILE]
      What changed on the main thread by function, the largest change first; lines may have moved.
`,
  list: `  pageflame list FILE FUNCTION [--thread main|PID:TID|all] [--from MICROS --to MICROS] [--json]
                 [--source-maps DIR|FILE]
      Time per source line of a function on the main thread.
`,
  find: `  pageflame find ID [FILE]…
      Which recording a trace id, a span id, an address that holds one, or a pageflame: link leads back to; of FILEs, or
      of the working folder's.
`,
} as const satisfies Record<string, string>;

export type CommandName = keyof typeof HELP;

export const COMMAND_NAMES = Object.keys(HELP) as readonly CommandName[];

const END = `
FILE may be - for stdin. Exit codes: 0 done, 1 the work failed (one line on stderr), 2 wrong usage.
`;

export function helpOf(command: CommandName | null): string {
  if (command !== null) return `Usage:\n${HELP[command]}${END}`;
  return `Usage:
${Object.values(HELP).join('')}  pageflame COMMAND --help | --help | --version
${END}PAGEFLAME_CHROMIUM names the browser to record with.
`;
}
