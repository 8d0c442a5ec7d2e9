/** What loads with its first look. In: whether it is wanted, and how it is loaded. Out: it; null until it is there. */
import { useEffect, useState } from 'preact/hooks';

export function useRoom<Room extends object>(isWanted: boolean, load: () => Promise<Room>): Room | null {
  const [room, setRoom] = useState<Room | null>(null);
  useEffect(() => {
    if (!isWanted || room !== null) return undefined;
    let isHere = true;
    void load().then((loaded) => {
      if (isHere) setRoom(loaded);
    });
    return () => {
      isHere = false;
    };
  }, [isWanted, room, load]);
  return room;
}
