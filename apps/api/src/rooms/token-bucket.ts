/** So many at once, then so many a second. */
export interface TokenBucket {
  /** False: over the limit. */
  take(now: number): boolean
}

export function tokenBucket(per_second: number, burst: number): TokenBucket {
  let tokens = burst
  let filled = 0
  return {
    take(now) {
      tokens = Math.min(burst, tokens + ((now - (filled || now)) * per_second) / 1_000)
      filled = now
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
