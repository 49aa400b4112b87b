import type { Client } from '../client.ts'

export interface Reauthentication {
  /** Plans the next renewal. The socket calls it when a connection has opened. */
  schedule(): void
  /** Plans no renewal until the next `schedule`. The socket calls it when its connection has closed. */
  pause(): void
  end(): void
}

const RENEW_BEFORE_EXPIRY_MS = 60_000
const RETRY_MS = 5_000
/** With a longer delay, `setTimeout` fires immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Renews an open connection's token before it expires, and passes each new token to `sendToken`. */
export function createReauthentication(client: Client, sendToken: (accessToken: string) => void): Reauthentication {
  /** Undefined means that renewals are paused: before the first `schedule` and after `pause`. */
  let timer: ReturnType<typeof setTimeout> | undefined

  const scheduleRenewal = (waitMs: number) => {
    clearTimeout(timer)
    timer = setTimeout(renew, Math.min(waitMs, MAX_TIMER_MS))
  }
  /** Refreshes the token. The listener of `onToken` below then sends the new one and plans the next renewal. */
  const renew = () => {
    client.refresh().catch(() => {
      // A null token means that the sign-in has ended. The server then closes with 4401.
      if (timer !== undefined && client.token !== null) scheduleRenewal(RETRY_MS)
    })
  }
  const schedule = () => {
    if (client.token === null) return
    // A token that expires soon is renewed after half of the remaining time.
    const remainingMs = client.token.expiresAtMs - Date.now()
    scheduleRenewal(remainingMs > 0 ? Math.max(remainingMs - RENEW_BEFORE_EXPIRY_MS, remainingMs / 2) : 0)
  }
  const removeListener = client.onToken(({ accessToken }) => {
    if (timer === undefined) return
    sendToken(accessToken)
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
      removeListener()
    },
  }
}
