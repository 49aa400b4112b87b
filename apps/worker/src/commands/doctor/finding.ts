/** Holds the result of one check. A failure has one fix; a warning doesn't make the doctor fail. */
export interface Finding {
  check: string
  state: 'passed' | 'warning' | 'failed'
  message: string
  fix?: string
}

export const pass = (check: string, message: string): Finding => ({ check, state: 'passed', message })
export const fail = (check: string, message: string, fix: string): Finding => ({
  check,
  state: 'failed',
  message,
  fix,
})
export const warn = (check: string, message: string, fix: string): Finding => ({
  check,
  state: 'warning',
  message,
  fix,
})

/** Compares a version such as `10.11.6-MariaDB` or `8.4.2` with the lowest one that is supported. */
export function isAtLeast(version: string, minimum: number[]): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10))
  for (const [index, required] of minimum.entries()) {
    const part = parts[index] ?? 0
    if (part !== required) return part > required
  }
  return true
}

/** Leases and windows tolerate some seconds; with more than that, logs no longer fit together. */
const MAX_SKEW_MS = 2_000

export function checkClock(check: string, theirsMs: number, oursMs: number): Finding {
  const skew = Math.round(theirsMs - oursMs)
  if (Math.abs(skew) <= MAX_SKEW_MS) return pass(check, `within ${MAX_SKEW_MS / 1_000} s of this machine's`)
  const message = `${Math.abs(skew) / 1_000} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's`
  return fail(check, message, 'Let both machines keep time by NTP (chrony, systemd-timesyncd).')
}
