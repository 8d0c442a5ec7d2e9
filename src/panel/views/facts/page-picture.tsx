/**
 * One picture of the page as an image. In: its address, what it shows. Out: the image, or in its place that it cannot be
 * shown: a picture that is not there says nothing otherwise. '' stands for one that could not be read.
 */
import { useState } from 'preact/hooks';
import type { Result } from '../../../base/index.ts';

/** Of a JPEG that was read: an object address, to be given back; '' where it could not be. */
export const addressOfPicture = (jpeg: Result<Uint8Array>): string =>
  jpeg.ok && jpeg.value.length > 0
    ? URL.createObjectURL(new Blob([new Uint8Array(jpeg.value)], { type: 'image/jpeg' }))
    : '';

interface PagePictureProps {
  readonly address: string;
  /** `At 1.2 s`. */
  readonly words: string;
  readonly class?: string;
}

export function PagePicture({ address, words, class: name }: PagePictureProps) {
  const [damaged, setDamaged] = useState('');
  if (address === '' || damaged === address) {
    const told = `${words}: this picture is damaged and cannot be shown`;
    return (
      <span
        class={name === undefined ? 'no-picture' : `${name} no-picture`}
        role="img"
        aria-label={told}
        title={told}
      >
        <span aria-hidden="true">
          {name === undefined ? '✕' : 'This picture is damaged and cannot be shown'}
        </span>
      </span>
    );
  }
  return <img class={name} src={address} alt={words} title={words} onError={() => setDamaged(address)} />;
}
