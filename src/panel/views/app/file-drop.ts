/**
 * Files dropped anywhere on the page. In: the browser's drag events. Out: the files, or a folder's name to be
 * refused; and whether something is being dragged over the page right now.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Actions } from '../../state/app.ts';

type Doors = Pick<Actions, 'openFiles' | 'refuseFolder'>;

/** What lies beside a folder is taken all the same. */
export async function takeDropped(
  { openFiles, refuseFolder }: Doors,
  files: readonly File[],
  folder: string | undefined,
): Promise<void> {
  if (files.length > 0) await openFiles(files);
  if (folder !== undefined) refuseFolder(folder);
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function useFileDrop({ openFiles, refuseFolder }: Doors): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      // Leaving for no other element is leaving the page.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      // Taken at once: the list is empty when the handler has returned.
      const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
      const isFolder = (item: DataTransferItem): boolean => item.webkitGetAsEntry()?.isDirectory === true;
      const folder = items.find(isFolder)?.webkitGetAsEntry()?.name;
      const files = items
        .filter((item) => !isFolder(item))
        .map((item) => item.getAsFile())
        .filter((file) => file !== null);
      void takeDropped({ openFiles, refuseFolder }, files, folder);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [openFiles, refuseFolder]);
  return isOver;
}
