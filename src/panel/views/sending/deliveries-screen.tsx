/** What was sent and how it stands, newest first: with the server's own words, and what its user can do about it. */
import { type Backend, originPatterns, type ShipmentView } from '../../../backends/index.ts';
import { removeWithUndo } from '../../state/library/removal.ts';
import type { SendingRoom } from '../../state/sending/sending-room.ts';
import { addressWords, KIND_WORDS, stateWords } from '../../words/backends.ts';
import { formatMoment, formatPage, shortenMiddle } from '../../words/format.ts';
import { RemovalLine } from '../app/removal-line.tsx';

export function DeliveriesScreen({ room }: { readonly room: SendingRoom }) {
  const removed = room.app.sending.removal.value?.id;
  const views = room.deliveries.shipments.value.filter(({ shipment }) => shipment.id !== removed);
  return (
    <>
      {views.length === 0 && (
        <p>Nothing has been sent from this browser. What is queued stays here until it has arrived.</p>
      )}
      <ul class="deliveries">
        {views.map((view) => (
          <Line key={view.shipment.id} room={room} view={view} />
        ))}
      </ul>
      <RemovalLine app={room.app} />
    </>
  );
}

/** As the list of recordings names it; a file's name, and that of what is gone, as it was. */
function nameOf({ app }: SendingRoom, { shipment }: ShipmentView): string {
  const found = app.shelf.recordings.value?.find(({ id }) => id === shipment.recording);
  if (found === undefined) return shipment.name;
  const now = app.outside.clock.now();
  return `${shortenMiddle(formatPage(found.url), 60)} · ${formatMoment(found.startedAt, now)}`;
}

interface LineProps {
  readonly room: SendingRoom;
  readonly view: ShipmentView;
}

function Line({ room, view }: LineProps) {
  const { shipment, state, failure } = view;
  const now = room.app.outside.clock.now();
  const backend = room.backends.list.value.find(({ destination }) => destination.id === shipment.destination);
  const isOpen = state !== 'delivered' && state !== 'parked';
  const waitsForUser = isOpen && (backend === undefined || missingLeave(room, backend).length > 0);
  return (
    <li>
      <p class="delivery-head">
        <span class="backend-name">{nameOf(room, view)}</span>
        <span class={`delivery-state ${state}`}>{waitsForUser ? 'waits for you' : stateWords(view)}</span>
      </p>
      <p class="quiet">
        to {KIND_WORDS[shipment.kind][0]} at {addressWords(shipment.url)},{' '}
        {shipment.byRule ? 'by its rule' : 'by button'}, {formatMoment(shipment.queuedAt, now)}
        {view.tries > 1 ? `, ${view.tries} tries` : ''}
      </p>
      {isOpen && <Obstacle room={room} backend={backend} />}
      {failure !== null && (
        <div class={state === 'parked' ? 'setting-problem' : 'quiet'}>
          <p>{failure.message}</p>
          {failure.detail !== '' && <p class="server-words">{failure.detail}</p>}
        </div>
      )}
      {view.notes.map((note) => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
      {view.mayBeTwice > 0 && (
        <p class="hint">
          An answer was lost, and this backend cannot be asked what it has: what was sent once more may be
          there twice.
        </p>
      )}
      <Buttons room={room} view={view} />
    </li>
  );
}

const missingLeave = ({ backends }: SendingRoom, { destination }: Backend): readonly string[] =>
  originPatterns(destination).filter((pattern) => !backends.allowed.value.has(pattern));

/** What it waits for, where it waits for its user. */
function Obstacle({ room, backend }: { readonly room: SendingRoom; readonly backend: Backend | undefined }) {
  const { backends } = room;
  if (backend === undefined)
    return (
      <p class="setting-problem">
        This backend has been deleted: what has not arrived stays here until it is sent another way or
        forgotten.
      </p>
    );
  const missing = missingLeave(room, backend);
  if (missing.length === 0) return null;
  return (
    <p class="setting-problem">
      Chrome has no leave to reach it, so nothing is sent there.{' '}
      <button type="button" class="link-button" onClick={() => void backends.allow(missing)}>
        Allow it
      </button>
    </p>
  );
}

function Buttons({ room, view }: LineProps) {
  const { shipment, state } = view;
  const { deliveries, go, app, chosen, part } = room;
  const { recording, id } = shipment;
  const order = (made: Parameters<typeof deliveries.order>[0]): void =>
    void deliveries.order(made).then((result) => {
      if (!result.ok) app.notices.showFailure(result.failure);
    });
  const retry = (): void => {
    // What was never packed is read anew.
    if (view.parts > 0 || recording === null) {
      order({ kind: 'retry', shipment: id });
      return;
    }
    const { name, destination, byRule } = shipment;
    const orderedAt = app.outside.clock.now();
    order({ kind: 'send', recording, name, destination, byRule, age: 'ad-hoc', orderedAt });
  };
  const sendOtherwise = async (): Promise<void> => {
    const found = app.shelf.recordings.peek()?.find((one) => one.id === recording);
    if (found !== undefined && app.current.peek()?.id !== found.id) await app.actions.openRecording(found.id);
    const { range = null, destination } = shipment;
    const shown = app.opener.shown.peek();
    if (range !== null && shown.kind === 'trace') shown.view.measured.value = range;
    part.value = range === null ? 'all' : 'measured';
    chosen.value = destination;
    go('send');
  };
  const forget = (): void => {
    const made = { kind: 'forget', shipment: id } as const;
    // What has arrived is not lost with its line.
    if (state === 'delivered') {
      order(made);
      return;
    }
    removeWithUndo(app, {
      id,
      words: `What has not arrived of ${nameOf(room, view)} is forgotten.`,
      commit: async () => {
        const ordered = await deliveries.order(made);
        return ordered.ok ? null : ordered.failure;
      },
    });
  };
  const isStranded =
    state !== 'delivered' &&
    room.backends.list.value.every(({ destination }) => destination.id !== shipment.destination);
  const canReopen = app.shelf.recordings.value?.some((one) => one.id === recording) ?? false;
  return (
    <p class="setting-buttons">
      {(state === 'delivered' || view.delivered > 0) &&
        view.places.map(({ name, url }) => (
          <a key={url} class="link-button" href={url} target="_blank" rel="noreferrer noopener">
            Look at it in {name}
          </a>
        ))}
      {(state === 'parked' || state === 'waiting') && (
        <button type="button" class="plain-button" onClick={retry}>
          {state === 'parked' ? 'Retry' : 'Try now'}
        </button>
      )}
      {(state === 'parked' || isStranded) && canReopen && (
        <button type="button" class="plain-button" onClick={() => void sendOtherwise()}>
          Send another way…
        </button>
      )}
      <button
        type="button"
        class="plain-button"
        title={
          state === 'delivered'
            ? 'Takes this line away; what has arrived stays where it is'
            : 'Takes what has not arrived away; Undo stays for ten seconds'
        }
        onClick={forget}
      >
        {state === 'delivered' ? 'Take off the list' : 'Forget'}
      </button>
    </p>
  );
}
