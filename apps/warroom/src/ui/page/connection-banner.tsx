import type { SocketState } from '@engineer-chat/client'
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { getSocket } from '../../state/people/sign-in.ts'
import { Icon } from '../parts/icon.tsx'

const OUTAGE_AFTER_MS = 2_000

function useSocketState(): SocketState {
  const socket = getSocket()
  return useSyncExternalStore(
    (onChange) => socket.on('state', onChange),
    () => socket.state,
  )
}

const useIsOnline = (): boolean =>
  useSyncExternalStore(
    (onChange) => {
      addEventListener('online', onChange)
      addEventListener('offline', onChange)
      return () => {
        removeEventListener('online', onChange)
        removeEventListener('offline', onChange)
      }
    },
    () => navigator.onLine,
  )

/** Returns true after the connection has been lost for two seconds. A shorter break does not count as an outage. */
function useIsOutage(isOpen: boolean): boolean {
  const [isOutage, setIsOutage] = useState(false)
  useEffect(() => {
    if (isOpen) {
      setIsOutage(false)
      return
    }
    const lostAtMs = getSocket().lostAtMs ?? Date.now()
    const remainingMs = lostAtMs + OUTAGE_AFTER_MS - Date.now()
    // The limits matter if the clock of the device has been changed since the connection was lost.
    const delayMs = Math.min(OUTAGE_AFTER_MS, Math.max(0, remainingMs))
    const timer = setTimeout(() => setIsOutage(true), delayMs)
    return () => clearTimeout(timer)
  }, [isOpen])
  return isOutage
}

/** Says that the connection is lost. The banner appears without a delay if the browser reports that it is offline. */
export function ConnectionBanner(): ReactNode {
  const t = useMessages()
  const isOpen = useSocketState() === 'open'
  const isOnline = useIsOnline()
  const isOutage = useIsOutage(isOpen)
  const isShown = !isOpen && (isOutage || !isOnline)
  return (
    <div role="status">
      {isShown && (
        <div className="banner" data-testid="offline">
          <Icon name="warn" />
          <span>{isOnline ? t.no_connection : t.device_offline}</span>
          <button type="button" className="plain" onClick={() => getSocket().connectNow()}>
            {t.try_now}
          </button>
        </div>
      )}
    </div>
  )
}
