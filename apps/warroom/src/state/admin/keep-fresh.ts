const REFRESH_INTERVAL_MS = 25_000

/**
 * Calls `load` at once, then every 25 seconds while the page is visible, and when it becomes visible again. A worker
 * counts the statistics at an interval as well, and together the two intervals are shorter than a minute. Returns the
 * stop function.
 */
export function keepFresh(load: () => void): () => void {
  const refresh = () => {
    if (document.visibilityState === 'visible') load()
  }
  load()
  const timer = setInterval(refresh, REFRESH_INTERVAL_MS)
  document.addEventListener('visibilitychange', refresh)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', refresh)
  }
}
