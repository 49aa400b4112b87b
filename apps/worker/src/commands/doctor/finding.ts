/** Is the result of one check. A failure has one fix; a warning does not fail the whole. */
export interface Finding {
  what: string
  state: 'good' | 'warning' | 'wrong'
  message: string
  fix?: string
}

export const good = (what: string, message: string): Finding => ({ what, state: 'good', message })
export const wrong = (what: string, message: string, fix: string): Finding => ({
  what,
  state: 'wrong',
  message,
  fix,
})
export const warning = (what: string, message: string, fix: string): Finding => ({
  what,
  state: 'warning',
  message,
  fix,
})

/** `text` is `10.11.6-MariaDB` or `8.4.2`. */
export function isAtLeast(text: string, least: number[]): boolean {
  const parts = text.split('.').map((part) => Number.parseInt(part, 10))
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0
    if (part !== wanted) return part > wanted
  }
  return true
}

/** Leases and windows tolerate some seconds; with more than that, logs no longer fit together. */
const MAX_SKEW_MS = 2_000

export function checkClock(what: string, theirsMs: number, oursMs: number): Finding {
  const skew = Math.round(theirsMs - oursMs)
  if (Math.abs(skew) <= MAX_SKEW_MS) return good(what, `within ${MAX_SKEW_MS / 1_000} s of this machine's`)
  const message = `${Math.abs(skew) / 1_000} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's`
  return wrong(what, message, 'Let both machines keep time by NTP (chrony, systemd-timesyncd).')
}
