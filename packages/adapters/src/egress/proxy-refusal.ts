/** Only the message of undici's error says that a proxy refused a tunnel, or to forward without a password. */
const REFUSALS = [/^Proxy response \((\d{3})\)/, /^Proxy Authentication Required \((407)\)/]

/** Returns the status with which a proxy refused to pass a call on, or undefined for another failure. */
export function findProxyRefusal(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  for (const pattern of REFUSALS) {
    const status = pattern.exec(error.message)?.[1]
    if (status !== undefined) return Number(status)
  }
  return undefined
}
