import type { SocketState } from '@engineer-chat/client'
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { getSocket } from '../../state/people/session.ts'
import { Icon } from '../parts/icon.tsx'

const LASTS_MS = 2_000

function useSocketState(): SocketState {
  const socket = getSocket()
  return useSyncExternalStore(
    (changed) => socket.on('state', changed),
    () => socket.state,
  )
}

const useIsOnline = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      addEventListener('online', changed)
      addEventListener('offline', changed)
      return () => {
        removeEventListener('online', changed)
        removeEventListener('offline', changed)
      }
    },
    () => navigator.onLine,
  )

/** True once an outage has lasted, counted from the last sign of life. */
function useLasts(isOpen: boolean): boolean {
  const [lasts, setLasts] = useState(false)
  useEffect(() => {
    if (isOpen) return setLasts(false)
    const since = getSocket().lostAt ?? Date.now()
    const timer = setTimeout(() => setLasts(true), Math.min(LASTS_MS, Math.max(0, since + LASTS_MS - Date.now())))
    return () => clearTimeout(timer)
  }, [isOpen])
  return lasts
}

/** Shows an outage that lasts, and not a short break of the network; a browser that says it is offline is believed. */
export function ConnectionBanner(): ReactNode {
  const t = useMessages()
  const isOpen = useSocketState() === 'open'
  const isOnline = useIsOnline()
  const lasts = useLasts(isOpen)
  const isShown = !isOpen && (lasts || !isOnline)
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
