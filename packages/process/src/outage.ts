export interface Outage {
  lost(cause?: unknown): void
  back(): void
  /** A connection that is closed on purpose isn't lost. */
  stop(): void
}

/** Reports once that something is lost and once that it is back, however many commands and retries fail in between. */
export function createOutage(report: { lost(cause: unknown): void; back(): void }): Outage {
  let isLost = false
  let isStopped = false
  return {
    lost(cause) {
      if (isLost || isStopped) return
      isLost = true
      report.lost(cause)
    },
    back() {
      if (isLost && !isStopped) report.back()
      isLost = false
    },
    stop() {
      isStopped = true
    },
  }
}
