/**
 * The library as the app needs it. In: recording/'s library. Out: a LibraryDoor; recordings as files load their own code.
 */
import type { Library } from '../../recording/library.ts';
import type { LibraryDoor } from '../state/doors.ts';

const loadFiles = () => import('./recording-files.ts');

export function createLibraryDoor(library: Library): LibraryDoor {
  return {
    list: () => library.list(),
    get: (id) => library.get(id),
    edit: (id, changes) => library.edit(id, changes),
    remove: (id) => library.remove(id),
    readFrame: (id, frame) => library.readFrame(id, frame),
    async importFile(name, content, options) {
      const files = await loadFiles();
      return files.importFile(library, { name, content }, options);
    },
    async exportFile(id, options) {
      const files = await loadFiles();
      return files.exportFile(library, id, options);
    },
  };
}
