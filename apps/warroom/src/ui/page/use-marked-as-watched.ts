import { useEffect } from 'react'
import { markWatched, supportsLocks } from '../../state/notifications/tabs.ts'

/**
 * While this tab is visible, tells the other tabs which event it shows, so that no tab shows notifications about that
 * event.
 */
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
