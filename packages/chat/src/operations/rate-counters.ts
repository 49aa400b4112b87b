export interface RateCount {
  /** Counts the requests since the window began, this one included. */
  used: number
  /** The window ends in this many milliseconds. Then the count starts again at zero. */
  resetMs: number
}

/** Counts requests by key, together for all nodes. A window begins with the first request of its key. */
export interface SharedRateCounters {
  /** Resolves to undefined if the counters' server is down or slow. It never rejects and never waits for long. */
  increment(key: string, windowMs: number): Promise<RateCount | undefined>
}
