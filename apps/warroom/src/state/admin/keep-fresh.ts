const REFRESH_INTERVAL_MS = 25_000

/**
 * Loads now, and again while the page is visible, so that what it shows is younger than a minute. Returns the stop
 * function.
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
