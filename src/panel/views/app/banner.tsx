/**
 * Notices under the toolbar: what went wrong or happened, the raw detail behind a disclosure, the button that helps,
 * and a way to put it away. Errors are announced at once, news politely.
 */
import type { App } from '../../state/app.ts';
import type { AdviceAction, Notice } from '../../state/notices.ts';
import { BadIcon, CloseIcon } from '../parts/icons.tsx';

interface BannersProps {
  readonly app: App;
  readonly onOpenFile: () => void;
}

export function Banners({ app, onOpenFile }: BannersProps) {
  const { actions, notices, outside } = app;
  const doAdvice: Readonly<Record<AdviceAction, () => void>> = {
    'record-again': () => actions.record(true),
    'stop-recording': actions.stop,
    'open-file': onOpenFile,
    'show-recordings': actions.showHome,
    'undo-delete': actions.undoRemove,
    'undo-tags': app.tagging.undo,
    'undo-settings': app.settingsReset.undo,
    'show-deliveries': () => {
      app.sending.screen.value = 'deliveries';
    },
    'reload-page': outside.reloadPage,
  };
  return (
    <div class="banners">
      {notices.list.value.map((notice) => (
        <Banner
          key={notice.key}
          notice={notice}
          onAdvice={(action) => {
            notices.dismiss(notice.key);
            doAdvice[action]();
          }}
          onDismiss={() => notices.dismiss(notice.key)}
        />
      ))}
    </div>
  );
}

interface BannerProps {
  readonly notice: Notice;
  readonly onAdvice: (action: AdviceAction) => void;
  readonly onDismiss: () => void;
}

function Banner({ notice, onAdvice, onDismiss }: BannerProps) {
  const { advice, detail, message, tone } = notice;
  return (
    <div class={`banner ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      {tone === 'error' && <BadIcon />}
      <div class="banner-text">
        <p>{message}</p>
        {detail !== '' && (
          <details>
            <summary>Details</summary>
            <pre>{detail}</pre>
          </details>
        )}
      </div>
      {advice !== null && (
        <button type="button" class="plain-button" onClick={() => onAdvice(advice.action)}>
          {advice.label}
        </button>
      )}
      <button type="button" class="tool" aria-label="Dismiss" title="Dismiss" onClick={onDismiss}>
        <CloseIcon />
      </button>
    </div>
  );
}
