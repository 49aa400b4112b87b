/** Parses `name=value,…`. Values are percent-encoded, as in W3C's baggage; one that is not is taken as it is. */
export function parseHeaders(text = ''): Record<string, string> {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals).trim().toLowerCase(), decodePercents(pair.slice(equals + 1).trim())]
    }),
  )
}

function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
