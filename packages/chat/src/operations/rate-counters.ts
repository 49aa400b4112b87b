export interface RateCount {
  /** How often it was counted since the window began, this time included. */
  used: number
  /** Until the window ends and the count begins anew. */
  reset_ms: number
}

/** Counts that all nodes share, in windows that begin with the first count. */
export interface SharedRateCounters {
  /** Undefined, and soon: nobody knows, because what keeps the counts is away or slow. Never rejects. */
  increment(key: string, window_ms: number): Promise<RateCount | undefined>
}
