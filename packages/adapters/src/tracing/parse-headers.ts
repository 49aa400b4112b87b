/** Parses `name=value,…`. Values are percent-encoded, as in W3C's baggage. A wrong encoding is left as it is. */
export function parseHeaders(text = ''): Record<string, string> {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const equalsIndex = pair.indexOf('=')
      return [pair.slice(0, equalsIndex).trim().toLowerCase(), decodePercents(pair.slice(equalsIndex + 1).trim())]
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
