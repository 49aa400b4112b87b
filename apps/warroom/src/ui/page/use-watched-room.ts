import { useEffect } from 'react'
import { hasLocks, holdWatched } from '../../state/notifications/tabs.ts'

/** Tells the other tabs which event a visible tab shows, so that none of them notifies of it. */
export function useWatchedRoom(event_id: string): void {
  useEffect(() => {
    if (event_id === '' || !hasLocks()) return
    let release = () => {}
    const update = () => {
      release()
      release = document.visibilityState === 'visible' ? holdWatched(event_id) : () => {}
    }
    update()
    document.addEventListener('visibilitychange', update)
    return () => {
      document.removeEventListener('visibilitychange', update)
      release()
    }
  }, [event_id])
}
