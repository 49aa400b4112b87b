import type { Client } from '../client.ts'

export interface Reauthentication {
  /** Starts renewing tokens; called when a connection has opened. */
  schedule(): void
  pause(): void
  end(): void
}

const LEAD_MS = 60_000
const TRY_AGAIN_MS = 5_000
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Keeps an open connection's token fresh: each new one is passed on, and one is fetched before the old one expires. */
export function reauthenticate(client: Client, onToken: (access_token: string) => void): Reauthentication {
  let timer: ReturnType<typeof setTimeout> | undefined

  const after = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(renew, Math.min(ms, LONGEST_TIMER_MS))
  }
  const renew = () => {
    client.refresh().catch(() => {
      if (client.token !== null) after(TRY_AGAIN_MS) // The server closes with 4401 if there is no token.
    })
  }
  const schedule = () => {
    if (client.token === null) return
    const left = client.token.expires_at - Date.now()
    after(left > 0 ? Math.max(left - LEAD_MS, left / 2) : 0)
  }
  const unsubscribe = client.onToken(({ access_token }) => {
    if (timer === undefined) return
    onToken(access_token)
    schedule()
  })
  const pause = () => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    schedule,
    pause,
    end: () => {
      pause()
      unsubscribe()
    },
  }
}
