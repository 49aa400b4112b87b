/** A piece of text: plain, or something that an analyst copies. */
export interface Piece {
  text: string
  kind: 'text' | 'url' | 'ip' | 'domain' | 'email' | 'hash'
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
/** Chinese text stands right beside an address, without a space. */
const NOT_IN_URL = '\\s<>"\'`\\p{Script=Han}\u3000-\u303f\uff00-\uffef'
const DOT = '(?:\\.|\\[\\.\\])'
/** Everything is bounded: sixty thousand letters without a break are looked at once. */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const TOP_LEVEL =
  '(?:com|net|org|info|biz|io|co|cn|ru|de|uk|xyz|top|site|online|club|dev|app|cloud|example|test|invalid|local|internal)'
const PATTERN = new RegExp(
  [
    `(?<url>h(?:tt|xx)ps?(?::|\\[:\\])//[^${NOT_IN_URL}]+[^${NOT_IN_URL}.,;:!?)\\]])`,
    `(?<email>(?<![\\w.+-])[\\w.+-]{1,64}@(?:${LABEL}${DOT}){1,8}[a-z]{2,24}\\b)`,
    `(?<ip>(?<![\\d.])${OCTET}(?:${DOT}${OCTET}){3}(?![\\d]|\\.\\d))`,
    '(?<hash>\\b(?:[a-f0-9]{64}|[a-f0-9]{40}|[a-f0-9]{32})\\b)',
    `(?<domain>(?<![\\w.-])(?:${LABEL}${DOT}){1,8}${TOP_LEVEL}(?![\\w-]|\\.\\w))`,
  ].join('|'),
  'giu',
)

/** Tells indicators from the words around them. */
export function splitPieces(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(PATTERN)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), kind: 'text' })
    pieces.push({ text: match[0], kind: toKind(match.groups ?? {}) })
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), kind: 'text' })
  return pieces
}

function toKind(groups: Record<string, string | undefined>): Piece['kind'] {
  const found = Object.entries(groups).find(([, value]) => value !== undefined)
  return (found?.[0] ?? 'text') as Piece['kind']
}

/** Nobody can click it by accident: `hxxps://evil[.]example`. */
export function defang(indicator: string): string {
  return refang(indicator).replace(/^http/i, 'hxxp').replaceAll('.', '[.]').replace(/@/, '[@]')
}

export function refang(indicator: string): string {
  return indicator.replace(/^hxxp/i, 'http').replaceAll('[.]', '.').replaceAll('[:]', ':').replaceAll('[@]', '@')
}
