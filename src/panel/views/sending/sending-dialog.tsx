/**
 * Sending, deliveries and backends: one modal dialog of the browser with three pages. Loads when it is first asked for.
 */
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../../state/app.ts';
import type { SendPart } from '../../state/sending/send-form.ts';
import { SENDING_SCREENS, type SendingScreen } from '../../state/sending/sending.ts';
import type { SendingRoom } from '../../state/sending/sending-room.ts';
import { Dialog } from '../parts/dialog.tsx';
import { BackendsScreen } from './backends-screen.tsx';
import { DeliveriesScreen } from './deliveries-screen.tsx';
import { SendScreen } from './send-screen.tsx';
import '../../style/sending.css';

const TITLES: Readonly<Record<SendingScreen, string>> = {
  send: 'Send',
  deliveries: 'Deliveries',
  backends: 'Backends',
};

export function SendingDialog({ app, screen }: { readonly app: App; readonly screen: SendingScreen }) {
  const room = useSendingRoom(app);
  const close = (): void => {
    app.sending.screen.value = null;
  };
  return (
    <Dialog id="sending" title={TITLES[screen]} kind="settings sending" isOpen={true} onClose={close}>
      <nav aria-label="Sending" class="sending-pages">
        {SENDING_SCREENS.map((each) => (
          <button
            key={each}
            type="button"
            class="tool"
            aria-current={each === screen ? 'page' : undefined}
            onClick={() => {
              app.sending.screen.value = each;
            }}
          >
            {TITLES[each]}
          </button>
        ))}
      </nav>
      {/* What is behind a modal dialog is not read out. */}
      <p class="for-readers" role="status">
        {app.sending.said.value}
      </p>
      {room === null ? <p class="quiet">Loading…</p> : <Page room={room} screen={screen} />}
    </Dialog>
  );
}

function Page({ room, screen }: { readonly room: SendingRoom; readonly screen: SendingScreen }) {
  switch (screen) {
    case 'send':
      return <SendScreen room={room} />;
    case 'deliveries':
      return <DeliveriesScreen room={room} />;
    case 'backends':
      return <BackendsScreen room={room} />;
  }
}

/** The button that had the focus is gone with its page: it goes on at the page that is shown now. */
function focusOnPage(): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>('.sending-pages [aria-current]')?.focus();
  });
}

function useSendingRoom(app: App): SendingRoom | null {
  const [room, setRoom] = useState<SendingRoom | null>(null);
  useEffect(() => {
    let isHere = true;
    void Promise.all([app.outside.backends(), app.outside.deliveries()]).then(([backends, deliveries]) => {
      if (!isHere) return;
      const go = (screen: SendingScreen): void => {
        app.sending.screen.value = screen;
        focusOnPage();
      };
      const part = signal<SendPart>('all');
      setRoom({ app, backends, deliveries, go, chosen: signal(null), part, adds: signal(false) });
    });
    return () => {
      isHere = false;
    };
  }, [app]);
  return room;
}
