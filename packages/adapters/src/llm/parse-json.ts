export type JsonObject = Record<string, unknown>

/**
 * Parses a JSON object or the objects of a list. Returns undefined for anything else, and throws nothing, because the
 * message of a syntax error would quote the stream's text.
 */
export function parseObjects(data: string): JsonObject[] | undefined {
  try {
    const parsed: unknown = JSON.parse(data)
    const values = Array.isArray(parsed) ? parsed : [parsed]
    return values.every(isObject) ? values : undefined
  } catch {
    return undefined
  }
}

/** Returns true for a list, too. */
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

export const isFilledText = (value: unknown): value is string => typeof value === 'string' && value !== ''
