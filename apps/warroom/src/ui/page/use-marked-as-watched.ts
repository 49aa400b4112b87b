import { useEffect } from 'react'
import { markWatched, supportsLocks } from '../../state/notifications/tabs.ts'

/** Tells the other tabs which event this tab shows while it is visible, so that no tab shows notifications about it. */
export function useMarkedAsWatched(event_id: string): void {
  useEffect(() => {
    if (event_id === '' || !supportsLocks()) return
    let release = () => {}
    const update = () => {
      release()
      release = document.visibilityState === 'visible' ? markWatched(event_id) : () => {}
    }
    update()
    document.addEventListener('visibilitychange', update)
    return () => {
      document.removeEventListener('visibilitychange', update)
      release()
    }
  }, [event_id])
}
