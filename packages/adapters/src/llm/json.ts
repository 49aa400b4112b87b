/** Undefined for what is no object. A stream's text goes into no message. */
export function parseObject(data: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(data)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
