const REFRESH_INTERVAL_MS = 25_000

/**
 * Calls `load` at once, then every 25 seconds while the page is visible, and when it becomes visible again. A worker
 * counts the statistics every 30 seconds, so the shown numbers are less than a minute old. Returns the stop function.
 */
export function reloadWhileVisible(load: () => void): () => void {
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
