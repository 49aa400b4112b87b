/** Holds the result of one check. A failure and a warning have a fix. A warning does not change the exit code. */
export interface Finding {
  checkName: string
  state: 'passed' | 'warning' | 'failed'
  message: string
  fix?: string
}

export const pass = (checkName: string, message: string): Finding => ({ checkName, state: 'passed', message })
export const fail = (checkName: string, message: string, fix: string): Finding => ({
  checkName,
  state: 'failed',
  message,
  fix,
})
export const warn = (checkName: string, message: string, fix: string): Finding => ({
  checkName,
  state: 'warning',
  message,
  fix,
})

/** Compares a version such as `10.11.6-MariaDB` with the lowest supported version, such as `[10, 11]`. */
export function isAtLeast(version: string, minimum: number[]): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10))
  for (const [index, required] of minimum.entries()) {
    const part = parts[index] ?? 0
    if (part !== required) return part > required
  }
  return true
}

/**
 * The limit keeps the logs of two machines comparable. Leases would tolerate a larger difference, because MySQL's clock
 * times them.
 */
const MAX_SKEW_MS = 2_000

export function checkClock(checkName: string, serverMs: number, localMs: number): Finding {
  const skewMs = Math.round(serverMs - localMs)
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return pass(checkName, `within ${MAX_SKEW_MS / 1_000} s of this machine's`)
  const message = `${Math.abs(skewMs) / 1_000} s ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`
  return fail(checkName, message, 'Synchronise the clocks of both machines by NTP (chrony, systemd-timesyncd).')
}
