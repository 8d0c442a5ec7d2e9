/**
 * The one table of expected failures: what can go wrong outside us, worded once.
 * In: a code and the facts of the case. Out: a Failure whose message says what happened, to what, and what to do
 * next. The panel may add a button, the command line an exit code; neither words it again.
 * Refuses: bugs (assert) and dirty trace data (diagnostics).
 */

/** Facts that sentences may name. `detail` is the raw text of whoever refused (Chrome, the disk), kept for reports. */
export interface FailureFacts {
  readonly subject?: string;
  readonly detail?: string;
}

type Sentence = (subject: string) => string;

const SENTENCES = {
  // Files and bytes
  'file-not-found': (subject) => `${subject} does not exist. Check the path.`,
  'file-is-folder': (subject) => `${subject} is a folder. Give one trace or recording file.`,
  'file-unreadable': (subject) =>
    `${subject} could not be read. Check that you may read it and that the disk is well.`,
  'file-empty': (subject) => `${subject} is empty: there is no trace in it. Save or copy it again.`,
  'not-a-trace': (subject) =>
    `${subject} is not a trace. Pageflame opens Chrome trace JSON (.json, .json.gz), Perfetto traces (.pftrace), recordings (.pageflame), and profiles of other tools (pprof, speedscope, folded stacks, .cpuprofile and more).`,
  'not-a-profile': (subject) =>
    `${subject} is not a trace, nor a profile that Pageflame knows. It opens Chrome traces (JSON, Perfetto), its own recordings, pprof, OTLP profiles, speedscope, folded stacks, .cpuprofile, .heapprofile, profiles of Firefox and Hermes, and perf script.`,
  'profile-not-trace': (subject) =>
    `${subject} is a profile, not a trace: it cannot be written as a trace, and does not tell work of the browser from JavaScript. Export it in another format, without --js-only.`,
  // Its detail lists those that there are.
  'profile-without-thread': (subject) => `${subject} has no such thread. Choose one of those that it has.`,
  'profile-without-moments': (subject) =>
    `${subject} does not tell when its samples were taken: there is no part of it to choose. Leave the range out.`,
  'profile-without-time': (subject) =>
    `${subject} is a profile without times: its weights are counts or bytes. Give one that measures time.`,
  'profile-empty': (subject) => `${subject} holds no profile. Record or export it again.`,
  'backend-no-profile': (subject) =>
    `The backend has no profile of ${subject} in this time. Choose other labels, or a longer time.`,
  'units-differ': (subject) =>
    `${subject} weigh different things and cannot be compared. Choose the same weight on both.`,
  'output-is-input': (subject) => `${subject} is the file to export. Give -o another name.`,
  'source-map-broken': (subject) => `${subject} is no source map that can be read. Build it again.`,
  'source-map-unmatched': (subject) =>
    `${subject} holds no source map of a script of this recording. Give one that is named after its script: app.js.map for …/app.js.`,
  'source-map-of-other': (subject) =>
    `The source map knows no place of ${subject} that was measured: it is of another script, or of another build of it. Give the one of this build.`,
  'source-too-big': (subject) =>
    `${subject} is too big to be shown: Pageflame shows scripts of up to 256 MB.`,
  'source-not-allowed': (subject) =>
    `Nothing was fetched: Chrome was not given leave to read from ${subject}. Press Fetch again and allow it, or drop the file here.`,
  'source-not-fetched': (subject) =>
    `${subject} could not be fetched. Check that it is still there and needs no login, or drop the file here.`,
  'source-not-secure': (subject) =>
    `${subject} could not be fetched: its server's certificate is not trusted. Open the address in a tab and accept it there, or drop the file here.`,
  'profile-of-many-threads': (subject) =>
    `${subject} holds several threads, and a .cpuprofile holds one. Save it as speedscope or pprof instead.`,
  'profile-not-summed': (subject) =>
    `${subject} is a profile, not a trace: it has no page load to sum up. \`pageflame top FILE\` lists its functions.`,
  'profile-too-big': (subject) =>
    `${subject} is a profile of more than 512 MB: Pageflame opens none of that size. Record a shorter time.`,
  'profile-too-new': (subject) =>
    `${subject} was written by a newer Firefox Profiler than this Pageflame knows. Update Pageflame to open it.`,
  'otlp-without-profiles': (subject) =>
    `${subject} holds OpenTelemetry's traces, metrics or logs. Of OTLP, Pageflame opens profiles.`,
  'profile-raw-gecko': (subject) =>
    `${subject} is a raw profile of Firefox. Open it in profiler.firefox.com, save it there, and open the saved file.`,
  'no-main-thread': (subject) =>
    `${subject} names no page and so no main thread. Choose a thread with --thread PID:TID, or all with --thread all.`,
  'no-such-thread': (subject) =>
    `The trace has no thread ${subject}. \`pageflame summary FILE\` lists them as pid:tid.`,
  'range-outside': (subject) =>
    `Nothing of ${subject} lies between --from and --to. Give microseconds of its own clock.`,
  'no-such-function': (subject) =>
    `No function ${subject} took any time on this thread. \`pageflame top FILE\` lists those that did.`,
  'gzip-broken': (subject) =>
    `${subject} is gzip, but no trace could be unpacked from it. Download or copy it again.`,
  // Its subject says with what.
  'packed-otherwise': (subject) =>
    `${subject}. Unpack it first: Pageflame opens traces plain or packed with gzip.`,
  'recording-too-new': (subject) =>
    `${subject} was written by a newer Pageflame than this one. Update Pageflame to open it.`,
  'recording-broken': (subject) =>
    `${subject} is a ZIP file, but not a whole Pageflame recording. Save or copy it again; where a trace is packed in it, unpack it and open that.`,
  'trace-gone': (subject) =>
    `${subject} holds no trace: the recording ended before Chrome handed any of it over. Its page facts, vitals and filmstrip are kept. Record the page again for its trace.`,
  'event-changed': (subject) =>
    `${subject} no longer holds this event where it was: it has changed since it was opened. Open it again.`,
  'write-failed': (subject) => `${subject} could not be written. Check the folder and the free space.`,
  cancelled: (subject) => `${subject} was cancelled.`,
  'engine-crashed': (subject) =>
    `The analysis of ${subject} broke off, most likely because its memory ran out. Close other recordings and open it again.`,
  // Questions about what is open
  'pattern-broken': (subject) =>
    `${subject} is not a regular expression. Correct it, or look for it as plain text.`,
  'pattern-too-slow': (subject) =>
    `${subject} takes too long to look for: a part of it can match in too many ways. Make it simpler.`,
  // Attaching to a tab
  'tab-forbidden': (subject) =>
    `Chrome lets no extension record ${subject}. Open the page that you want to measure and record there.`,
  'files-forbidden': (subject) =>
    `Chrome keeps extensions off files until their user allows it. Switch on “Allow access to file URLs” for Pageflame at chrome://extensions, then record ${subject} again.`,
  'own-page': () =>
    'This tab is one of Pageflame’s own and shows recordings. Press the button in the tab that you want to measure.',
  'tab-gone': (subject) =>
    `${subject} was closed before the recording could start. Open it again, and record there.`,
  'tab-busy': (subject) =>
    `${subject} is already being debugged by another tool or window. Close that session and record again.`,
  'policy-refused': (subject) =>
    `Your organisation's policy keeps extensions off ${subject}. Ask its administrator to allow Pageflame there.`,
  'attach-refused': (subject) => `Chrome refused to attach to ${subject}. Reload the tab and record again.`,
  'tracing-busy': () =>
    "Chrome is already tracing for someone else, and it can trace for one at a time: stop the recording in DevTools' Performance panel, Lighthouse, another tab or another extension, then record again.",
  'tracing-refused': (subject) =>
    `Chrome refused to start tracing ${subject}. Record again; if it stays, restart the browser.`,
  'extension-frame': (subject) =>
    `Another extension has a frame of its own in ${subject}, and Chrome lets no extension record beside it. Switch that extension off for this site, or record in another browser profile.`,
  'tab-silent': (subject) =>
    `${subject} does not answer: it hangs or has crashed. Reload the tab and record again.`,
  'command-refused': (subject) =>
    `Chrome refused a command that recording ${subject} needs. Update the browser, then record again.`,
  'recorder-busy': (subject) => `Pageflame is recording ${subject}. Stop that recording first.`,
  // During a recording
  'tab-closed-while-recording': (subject) =>
    `${subject} was closed while it was recorded, and Chrome threw its trace away. Record again, and leave the tab open until it has ended.`,
  'tab-crashed-while-recording': (subject) =>
    `${subject} crashed while it was recorded. Reload it and record again.`,
  'cancelled-on-bar': (subject) =>
    `The recording of ${subject} was ended by Cancel on Chrome's debugging bar, and Chrome threw its trace away. Press Pageflame's own button to stop.`,
  'frame-took-tab': (subject) =>
    `A frame of another extension (Chrome's PDF viewer, a password manager) opened in ${subject} while it was recorded; Chrome then takes every debugger off the tab, and it threw the trace away. Switch that extension off for this site, then record again.`,
  'session-gone': (subject) =>
    `Chrome took the debugger off ${subject} while it was recorded, and threw its trace away. Record again.`,
  'recorder-broken': (subject) =>
    `Pageflame made a mistake of its own while it recorded ${subject}. What had arrived is kept. Please report it with the details.`,
  'browser-gone': (subject) =>
    `The browser or the extension went away while ${subject} was recorded. What had arrived by then is kept. Record again for all of it.`,
  'storage-full': (subject) =>
    `There is no room left to store the recording of ${subject}. Delete old recordings or free disk space, then record again. What had arrived is kept.`,
  'storage-failed': (subject) =>
    `The browser's storage refused to keep the recording of ${subject}. What had arrived is kept. Record again; if it stays, restart the browser.`,
  'library-full': (subject) =>
    `${subject} is not kept: there is no room left. Delete old recordings or free disk space, then try again.`,
  'library-refused': (subject) =>
    `${subject} is not kept: the browser's storage refused. Try again; if it stays, restart the browser.`,
  'library-unreadable': (subject) =>
    `${subject} could not be read from the browser's storage. Try again; if it stays, restart the browser.`,
  // Its subject says what of which script.
  'source-broken': (subject) =>
    `${subject} was kept with this recording and can no longer be read. Give it again; everything else is as it was.`,
  'settings-unsaved': () =>
    "The browser's storage refused to keep this change: the setting is as it was. Try again; if it stays, restart the browser.",
  'stream-broken': (subject) =>
    `Chrome stopped handing over the trace of ${subject}. What had arrived is kept. Record again for all of it.`,
  // Pages that do not load
  'page-failed': (subject) =>
    `${subject} failed to load. Check its address and the network, then record again.`,
  'browser-not-found': () =>
    'No Chromium or Chrome for Testing was found. Run `npm run setup`, or set PAGEFLAME_CHROMIUM to a browser.',
  'browser-failed': (subject) =>
    `The browser ${subject} could not be started. Check that it starts by hand, or set PAGEFLAME_CHROMIUM to another.`,
  'recording-busy': (subject) =>
    `${subject} is still being recorded. Stop that recording first, then try again.`,
  'recording-changed': (subject) => `${subject} changed while it was read. Open it again.`,
  // Backends
  'backend-refused-connection': (subject) =>
    `Nothing listens at ${subject}: the connection was refused. Check the address and port, and that the backend runs.`,
  'backend-unknown-host': (subject) =>
    `The name of ${subject} leads to no address. Check the spelling, and that this machine is in the network that knows it.`,
  'backend-unreachable': (subject) =>
    `${subject} could not be reached: the connection was refused, broke off, or its certificate is not trusted. Check address, network and certificate.`,
  'backend-tls': (subject) =>
    `No secure connection to ${subject}: its certificate is not trusted, or it does not speak TLS there. Check http or https, and the certificate.`,
  'backend-silent': (subject) =>
    `${subject} did not answer in time. Check that it runs and is not overloaded.`,
  'backend-cut': (subject) =>
    `The connection to ${subject} broke off before the answer came. Check the network, and any proxy on the way.`,
  'backend-redirects': (subject) =>
    `${subject} sends elsewhere instead of answering, and secrets are not sent after it. Give the address it leads to.`,
  'backend-unauthorized': (subject) =>
    `${subject} does not accept the credentials. Check user and password, or the token.`,
  'backend-tenant': (subject) =>
    `${subject} takes nothing for this tenant, or for none. Give the tenant (X-Scope-OrgID) that you may write to: one name of letters, digits and !-_.*'().`,
  'backend-wrong-path': (subject) =>
    `There is a server at ${subject}, but no backend at that path. Give the backend's base address.`,
  'backend-wrong-product': (subject) => `${subject} answers, but it is another product. Check kind and port.`,
  'backend-busy': (subject) =>
    `${subject} takes no more for now. Try again later; what is queued waits by itself.`,
  'backend-refused': (subject) =>
    `${subject} refused what was sent. Correct what its answer names, then send it again.`,
  'backend-failed': (subject) => `${subject} failed while it answered. Look into its log, then try again.`,
  'backend-answer-odd': (subject) =>
    `${subject} answered something that Pageflame does not understand. Check kind, address and version of the backend.`,
  'backend-address': (subject) =>
    `${subject} is no address of a backend. Give a whole one, such as http://127.0.0.1:4040.`,
  'backend-too-big': (subject) =>
    `${subject} is more than the backend takes in one piece, and cannot be split any further. Send a shorter range.`,
  'backend-too-old': (subject) =>
    `${subject} is older than the backend takes (an hour). Upload it ad hoc, or send it with a new time on purpose.`,
  'backend-not-allowed': (subject) =>
    `Chrome does not let Pageflame reach ${subject}: leave for that address was not given. Test the connection again, and allow it when Chrome asks.`,
  'backend-gone': (subject) => `${subject} is no longer among the backends. Add it again.`,
  'backends-unstored': () =>
    "The browser's storage refused to keep this change to the backends: they are as they were. Try again; if it stays, restart the browser.",
  'delivery-unstored': () =>
    "The browser's storage refused to keep what is to be sent: nothing was sent. Free disk space and try again.",
  'label-refused': (subject) => `The label ${subject} cannot be sent. Change it, or leave it out.`,
  'nothing-to-send': (subject) =>
    `${subject} holds nothing to send: no thread of it did any work in this range. Choose another range.`,
  'no-page-load': (subject) =>
    `${subject} holds no page load, so there are no spans of one to send. Send its profiles instead (to a Pyroscope, Parca or OTLP backend).`,
  'link-leads-nowhere': (subject) =>
    `No recording here is named by “${subject}”, and none has a trace or span of that id. Open its file, if it was saved.`,
  'recording-not-found': (subject) =>
    `There is no recording ${subject} in the library. It may have been deleted: open its file, if it was saved.`,
} satisfies Record<string, Sentence>;

export type FailureCode = keyof typeof SENTENCES;

/** An expected failure. `message` is for people; `detail` is the refuser's own words, '' where there are none. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly detail: string;
}

/** Words the failure `code` about `facts.subject`. */
export function makeFailure(code: FailureCode, facts: FailureFacts = {}): Failure {
  const sentence: Sentence = SENTENCES[code];
  return { code, message: sentence(facts.subject ?? 'It'), detail: facts.detail ?? '' };
}

/** Every code, for the tests that walk the table. */
export const failureCodes = Object.keys(SENTENCES) as readonly FailureCode[];
