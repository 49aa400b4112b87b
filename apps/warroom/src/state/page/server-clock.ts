/** The `Date` header of a response is rounded down to a second. */
const HEADER_PRECISION_MS = 1_000

/**
 * Adding an offset between these two bounds to the machine's monotonic clock gives the server's time. Each response
 * narrows the bounds.
 */
let offsetBoundsMs: { min: number; max: number } | undefined

/**
 * Learns the server's time from the `Date` header of a response. `sentAtMs` and `receivedAtMs` are times of
 * `performance.now()`.
 */
function narrowOffsetBounds(dateHeader: string | null, sentAtMs: number, receivedAtMs: number): void {
  const serverTimeMs = Date.parse(dateHeader ?? '')
  if (Number.isNaN(serverTimeMs)) return
  const measured = { min: serverTimeMs - receivedAtMs, max: serverTimeMs + HEADER_PRECISION_MS - sentAtMs }
  const min = Math.max(measured.min, offsetBoundsMs?.min ?? measured.min)
  const max = Math.min(measured.max, offsetBoundsMs?.max ?? measured.max)
  // The bounds do not overlap if a clock was set or another node's clock differs.
  offsetBoundsMs = min <= max ? { min, max } : measured
}

/** Returns the server's time. The clock of this machine may be wrong, or may be changed while the page is open. */
export const getServerTimeMs = (): number =>
  offsetBoundsMs === undefined ? Date.now() : performance.now() + (offsetBoundsMs.min + offsetBoundsMs.max) / 2

/** Fetches a response and learns the server's time from its header. */
export const fetchAndLearnServerTime: typeof fetch = async (input, init) => {
  const sentAtMs = performance.now()
  const response = await fetch(input, init)
  narrowOffsetBounds(response.headers.get('date'), sentAtMs, performance.now())
  return response
}
