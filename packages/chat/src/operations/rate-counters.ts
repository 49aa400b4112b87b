export interface RateCount {
  /** How often it was counted since the window began, this time included. */
  used: number
  /** The window ends after this time, and the count starts again at zero. */
  reset_ms: number
}

/** Counts that all nodes share, in windows that begin with the first count. */
export interface SharedRateCounters {
  /** Resolves to undefined, without a long wait, if the counters' server is away or slow. It never rejects. */
  increment(key: string, window_ms: number): Promise<RateCount | undefined>
}
