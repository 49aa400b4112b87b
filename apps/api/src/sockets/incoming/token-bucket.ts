/** So many at once, then so many a second. */
export class TokenBucket {
  readonly #per_second: number
  readonly #burst: number
  #tokens: number
  #filled = 0

  constructor(per_second: number, burst: number) {
    this.#per_second = per_second
    this.#burst = burst
    this.#tokens = burst
  }

  /** `now` in milliseconds. False: over the limit. */
  take(now: number): boolean {
    const since = now - (this.#filled || now)
    this.#tokens = Math.min(this.#burst, this.#tokens + (since * this.#per_second) / 1_000)
    this.#filled = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
