/**
 * What the aggregated views are of, to be changed: the thread, the selected slice alone, JavaScript alone, what is
 * weighed; and the transforms as breadcrumbs, each of which undoes those after it.
 */
import type { ComponentChildren } from 'preact';
import { threadIndex } from '../../../base/index.ts';
import type { ProfileScoping, ProfileView } from '../../state/profile/profile-view.ts';
import { shortenMiddle } from '../../words/format.ts';
import { nameTransform } from '../../words/transforms.ts';

interface ProfileBarProps {
  readonly profile: ProfileView;
  /** What is of one view alone. */
  readonly children?: ComponentChildren;
}

export function ProfileBar({ profile, children }: ProfileBarProps) {
  return (
    <div class="view-bar">
      <ThreadChoice profile={profile} />
      {children}
      <WeightChoices profile={profile} />
      {profile.hasSlices && (
        <>
          <label class="check" title="Browser work counts for the function that caused it">
            <input
              type="checkbox"
              checked={profile.jsOnly.value}
              onChange={(event) => {
                profile.jsOnly.value = event.currentTarget.checked;
              }}
            />
            JavaScript only
          </label>
          <WithinChoice profile={profile} />
        </>
      )}
    </div>
  );
}

export function WeightChoices({ profile }: { readonly profile: ProfileScoping }) {
  return (
    <select
      class="choice"
      aria-label="Weight"
      title="What a row or a box weighs"
      value={profile.type.value}
      onChange={(event) => {
        profile.type.value = event.currentTarget.value;
      }}
    >
      {profile.weights.value.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

export function ThreadChoice({ profile }: { readonly profile: ProfileScoping }) {
  return (
    <select
      class="choice"
      aria-label="Thread"
      value={profile.thread.value}
      onChange={(event) => {
        profile.thread.value = threadIndex(Number(event.currentTarget.value));
      }}
    >
      {profile.threads.map(({ thread, title }) => (
        <option key={thread} value={thread}>
          {shortenMiddle(title, 60)}
        </option>
      ))}
    </select>
  );
}

export function WithinChoice({ profile }: { readonly profile: ProfileView }) {
  const within = profile.within.value;
  const offered = within ?? profile.selected.value;
  return (
    <label class="check" title="Only what runs in the slice that is selected in the chart">
      <input
        type="checkbox"
        disabled={offered === null}
        checked={within !== null}
        onChange={(event) => {
          profile.within.value = event.currentTarget.checked ? profile.selected.peek() : null;
        }}
      />
      <span class="within-name">{offered === null ? 'Selected slice only' : `Only in ${offered.text}`}</span>
    </label>
  );
}

/** Nothing where there are none. */
export function Breadcrumbs({ profile }: { readonly profile: Pick<ProfileView, 'transforms'> }) {
  const transforms = profile.transforms.value;
  if (transforms.length === 0) return null;
  return (
    // Where a transform has left nothing, the focus comes here from the graph, and its key with it.
    <nav
      class="transforms"
      aria-label="Transforms"
      onKeyDown={(event) => {
        if (event.key !== 'Backspace') return;
        profile.transforms.value = transforms.slice(0, -1);
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <ol>
        <li>
          <button
            type="button"
            class="link-button"
            onClick={() => {
              profile.transforms.value = [];
            }}
          >
            All
          </button>
        </li>
        {transforms.map((transform, index) => (
          <li key={`${index} ${transform.kind}`}>
            {index === transforms.length - 1 ? (
              <span aria-current="step">{nameTransform(transform)}</span>
            ) : (
              <button
                type="button"
                class="link-button"
                onClick={() => {
                  profile.transforms.value = transforms.slice(0, index + 1);
                }}
              >
                {nameTransform(transform)}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
