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

/** Shows only an outage that lasts, and not a short break of the network. */
export function ConnectionBanner(): ReactNode {
  const t = useMessages()
  const isOpen = useSocketState() === 'open'
  const [lasts, setLasts] = useState(false)
  useEffect(() => {
    if (isOpen) return setLasts(false)
    const timer = setTimeout(() => setLasts(true), LASTS_MS)
    return () => clearTimeout(timer)
  }, [isOpen])
  if (isOpen || !lasts) return null
  return (
    <div className="banner" role="status" data-testid="offline">
      <Icon name="warn" />
      <span>{t.offline}</span>
      <button type="button" className="plain" onClick={() => getSocket().reconnect()}>
        {t.try_now}
      </button>
    </div>
  )
}
