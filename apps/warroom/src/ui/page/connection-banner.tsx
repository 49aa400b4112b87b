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

/** Returns true once no frame has come for this long. A short break of the network is no outage. */
function useIsOutage(isOpen: boolean): boolean {
  const [isOutage, setIsOutage] = useState(false)
  useEffect(() => {
    if (isOpen) return setIsOutage(false)
    const since = getSocket().lostAtMs ?? Date.now()
    const timer = setTimeout(
      () => setIsOutage(true),
      Math.min(OUTAGE_AFTER_MS, Math.max(0, since + OUTAGE_AFTER_MS - Date.now())),
    )
    return () => clearTimeout(timer)
  }, [isOpen])
  return isOutage
}

/** Shows an outage. It is shown at once if the browser says that it is offline. */
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
          <span>{isOnline ? t.offline : t.device_offline}</span>
          <button type="button" className="plain" onClick={() => getSocket().reconnect()}>
            {t.try_now}
          </button>
        </div>
      )}
    </div>
  )
}
