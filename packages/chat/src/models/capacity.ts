/** Limits the calls to one model over all workers. Null means no limit. */
export interface ModelCapacity {
  maxConcurrent: number | null
  requestsPerMinute: number | null
  tokensPerMinute: number | null
}
