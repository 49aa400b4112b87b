export interface OutageReporter {
  markLost(cause?: unknown): void
  markRestored(): void
  /** Ends the reports, because a connection that is closed on purpose is not an outage. */
  stop(): void
}

/** Reports the loss of a connection once and its return once, however many commands and retries fail in between. */
export function createOutageReporter(report: { onLost(cause: unknown): void; onRestored(): void }): OutageReporter {
  let isLost = false
  let isStopped = false
  return {
    markLost(cause) {
      if (isLost || isStopped) return
      isLost = true
      report.onLost(cause)
    },
    markRestored() {
      if (isLost && !isStopped) report.onRestored()
      isLost = false
    },
    stop() {
      isStopped = true
    },
  }
}
