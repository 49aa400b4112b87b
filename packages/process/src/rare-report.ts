import type { Log } from '@engineer-chat/chat/shared'

/** Whoever can write to Redis must not fill the log's disk. */
const INTERVAL_MS = 60_000

/** Logs the first event at once and later ones at most once a minute, with their count since the last line. */
export function createRareLog(
  log: Log,
  event: Parameters<Log['warn']>[0],
  now: () => number = () => performance.now(),
): () => void {
  let count = 0
  let nextLineAtMs = 0
  return () => {
    count += 1
    if (now() < nextLineAtMs) return
    log.warn(event, { count })
    count = 0
    nextLineAtMs = now() + INTERVAL_MS
  }
}
