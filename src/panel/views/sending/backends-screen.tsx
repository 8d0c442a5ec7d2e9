/** The backends there are: what each is and gets, changing them, taking them away with a way back. */
import { useEffect } from 'preact/hooks';
import { type Backend, newBackend, originPatterns } from '../../../backends/index.ts';
import { removeWithUndo } from '../../state/library/removal.ts';
import { createBackendForm } from '../../state/sending/backend-form.ts';
import type { SendingRoom } from '../../state/sending/sending-room.ts';
import { AUTH_WORDS, backendWords, ruleWords } from '../../words/backends.ts';
import { countOf } from '../../words/format.ts';
import { RemovalLine } from '../app/removal-line.tsx';
import { BackendFormView } from './backend-form.tsx';

export function BackendsScreen({ room }: { readonly room: SendingRoom }) {
  const { app, backends, adds } = room;
  const { draft } = app.sending;
  const edit = (backend: Backend): void => {
    draft.value = createBackendForm(backend, backends);
  };
  const add = (): void => edit(newBackend(crypto.randomUUID(), 'pyroscope'));
  const close = (): void => {
    draft.peek()?.leave();
    draft.value = null;
  };
  // What was filled in half is there again when its user comes back.
  useEffect(
    () => () => {
      if (draft.peek()?.isTouched() === false) close();
    },
    [],
  );
  if (adds.peek()) {
    adds.value = false;
    if (draft.peek() === null) add();
  }
  if (draft.value !== null)
    return (
      <BackendFormView
        key={draft.value.id}
        app={app}
        form={draft.value}
        onClose={() => {
          close();
          focusOnList();
        }}
      />
    );
  return <List room={room} onAdd={add} onEdit={edit} />;
}

/** The form is gone with the focus. */
function focusOnList(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.sending .primary-button')?.focus());
}

interface ListProps {
  readonly room: SendingRoom;
  readonly onAdd: () => void;
  readonly onEdit: (backend: Backend) => void;
}

function List({ room, onAdd, onEdit }: ListProps) {
  const { app, backends } = room;
  const removal = app.sending.removal.value;
  const list = backends.list.value.filter(({ destination }) => destination.id !== removal?.id);
  const refused = backends.refused.value.length;
  return (
    <>
      {list.length === 0 && (
        <p>
          None yet. Nothing leaves this browser until a backend is added, and then only what you send by the
          button, or what its rule names.
        </p>
      )}
      <ul class="backends">
        {list.map((backend) => (
          <Line key={backend.destination.id} room={room} backend={backend} onEdit={() => onEdit(backend)} />
        ))}
      </ul>
      {refused > 0 && (
        <p class="setting-problem">
          {refused === 1 ? 'One backend' : `${refused} backends`} that are stored here cannot be read by this
          version: nothing is sent there.
        </p>
      )}
      <p class="setting-buttons">
        <button type="button" class="primary-button" onClick={onAdd}>
          Add a backend
        </button>
      </p>
      <RemovalLine app={app} />
    </>
  );
}

interface LineProps {
  readonly room: SendingRoom;
  readonly backend: Backend;
  readonly onEdit: () => void;
}

function Line({ room, backend, onEdit }: LineProps) {
  const { backends } = room;
  const words = backendWords(backend);
  const { id } = backend.destination;
  const patterns = originPatterns(backend.destination);
  const waiting = room.deliveries.shipments.value.filter(
    ({ shipment, state }) => shipment.destination === id && state !== 'delivered',
  ).length;
  const missing = patterns.filter((pattern) => !backends.allowed.value.has(pattern));
  const remove = (): void =>
    removeWithUndo(room.app, {
      id,
      words: `${words} was deleted.`,
      commit: async () => {
        const removed = await backends.remove(id);
        return removed.ok ? null : removed.failure;
      },
    });
  return (
    <li>
      <p class="backend-name">{words}</p>
      <p class="quiet">
        {backend.auth === 'none' ? 'No sign-in' : AUTH_WORDS[backend.auth]}. {ruleWords(backend)}.
      </p>
      {waiting > 0 && <p class="hint">{countOf(waiting, 'shipment')} to it not there yet.</p>}
      {missing.length > 0 && (
        <p class="setting-problem">
          Chrome has no leave to reach it, so nothing is sent there.{' '}
          <button type="button" class="link-button" onClick={() => void backends.allow(missing)}>
            Allow it
          </button>
        </p>
      )}
      <p class="setting-buttons">
        <button type="button" class="plain-button" aria-label={`Change ${words}`} onClick={onEdit}>
          Change
        </button>
        <button
          type="button"
          class="plain-button"
          aria-label={`Delete ${words}`}
          title="Delete; Undo stays for ten seconds"
          onClick={remove}
        >
          Delete
        </button>
      </p>
    </li>
  );
}
