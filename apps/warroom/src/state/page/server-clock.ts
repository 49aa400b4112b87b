/** The header of a response has no fraction of a second. */
const HEADER_PRECISION_MS = 1_000

/**
 * Adding an offset between these two bounds to the machine's monotonic clock gives the server's time. Each response
 * narrows the bounds.
 */
let bounds: { least: number; most: number } | undefined

/** Learns the server's time from the header of a response; both times are of `performance.now()`. */
function learnServerTime(date: string | null, sentAt: number, receivedAt: number): void {
  const time = Date.parse(date ?? '')
  if (Number.isNaN(time)) return
  const measured = { least: time - receivedAt, most: time + HEADER_PRECISION_MS - sentAt }
  const least = Math.max(measured.least, bounds?.least ?? measured.least)
  const most = Math.min(measured.most, bounds?.most ?? measured.most)
  // The bounds do not overlap if a clock was set or another node's clock differs.
  bounds = least <= most ? { least, most } : measured
}

/** Returns the server's time. The clock of this machine may be wrong, and be set while the page is open. */
export const getServerTime = (): number =>
  bounds === undefined ? Date.now() : performance.now() + (bounds.least + bounds.most) / 2

/** Fetches a response and learns the server's time from its header. */
export const fetchWithTime: typeof fetch = async (input, init) => {
  const sentAt = performance.now()
  const response = await fetch(input, init)
  learnServerTime(response.headers.get('date'), sentAt, performance.now())
  return response
}
