import { setTimeout } from 'node:timers/promises'

/** Everything that has to do with time and chance, so that a test needs to wait for neither. */
export interface Clock {
  /** Milliseconds; only differences count. */
  now(): number
  /** @throws the signal's reason, at once, when it is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** 0 to 1. */
  random(): number
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    setTimeout(ms, undefined, { signal }).catch(() => {
      throw signal.reason
    }),
  random: Math.random,
}
