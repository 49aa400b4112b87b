/** Only an error's message, and no field of it, says that a proxy refused a tunnel or answered a call with 407. */
const REFUSAL_MESSAGES = [/^Proxy response \((\d{3})\)/, /^Proxy Authentication Required \((407)\)/]

/** Returns the HTTP status with which a proxy refused to pass a call on, or undefined for another failure. */
export function findProxyRefusal(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  for (const pattern of REFUSAL_MESSAGES) {
    const status = pattern.exec(error.message)?.[1]
    if (status !== undefined) return Number(status)
  }
  return undefined
}
