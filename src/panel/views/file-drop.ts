/**
 * Files dropped anywhere on the page. In: the browser's drag events. Out: the file, or the folder's name to be
 * refused; and whether something is being dragged over the page right now. Only the first of several files is opened.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Actions } from '../state/app.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function useFileDrop({ openFile, refuseFolder }: Actions): boolean {
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
      const item = [...(event.dataTransfer?.items ?? [])].find(({ kind }) => kind === 'file');
      const entry = item?.webkitGetAsEntry();
      const file = item?.getAsFile();
      if (entry?.isDirectory === true) refuseFolder(entry.name);
      else if (file) void openFile(file);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [openFile, refuseFolder]);
  return isOver;
}
