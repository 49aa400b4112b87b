/**
 * Parses a JSON object or the objects of a list. Returns undefined for anything else. A stream's text goes into no
 * error message.
 */
export function parseObjects(data: string): Array<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(data)
    const values = Array.isArray(parsed) ? parsed : [parsed]
    return values.every(isObject) ? values : undefined
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

export const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== ''
