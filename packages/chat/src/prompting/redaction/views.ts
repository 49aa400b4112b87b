/** Holds a text as rules read it, and each character's position in the source. */
export interface View {
  text: string
  /** Holds each character's position in the source, then the source's length; undefined if both are the same. */
  starts: Uint32Array | undefined
}

interface Piece {
  start: number
  end: number
  text: string
}

/** Matches invisible characters except line ends. They are left out, so that they cannot split a secret. */
const INVISIBLE =
  /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u{FFF9}-\u{FFFB}\u{2800}]|(?![\t\n\r\u0085])\p{Cc}|\r(?=\n)/u
/** Matches characters that stand for an ASCII one: full width, typographic quotes, dashes, blanks, line ends. */
const FOLDED =
  /[\uFF03-\uFF0B\uFF0D-\uFF1A\uFF1C-\uFF1E\uFF20-\uFF5E\u2018-\u201F\u300C-\u300F\u2010-\u2015\u2212\u00A0\u2000-\u200A\u202F\u3000\u0085\u2028\u2029\r]/
/** These Cyrillic and Greek letters look like the Latin letters in the line below them. */
const LOOKALIKES = 'аеорсухіјѕԁԝԛһкмтвАВЕКМНОРСТУХЅІЈονρακτικυχ'
const LATIN_LETTERS = 'aeopcyxijsdwqhkmtbABEKMHOPCTYXSIJovpaktikux'
const FOLDED_OR_INVISIBLE = new RegExp(`${INVISIBLE.source}|${FOLDED.source}|[${LOOKALIKES}]`, 'gu')
/** A lookalike is replaced only if its word has a Latin letter within this many characters of it. */
const MAX_WORD_CHARACTERS = 12
const NEEDS_NO_FOLDING = /^[\n\t -~\u3001\u3002\u4e00-\u9fff]*$/

/** Matches an escape of JSON and most languages, of XML or of an address. No text matches two of the alternatives. */
const ESCAPE =
  /\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["'`\\/nrt]|\n)|&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|quot|apos|amp|lt|gt|nbsp|colon|equals|num);|%(?:[2-7][0-9a-fA-F]|0[9aAdD])|%[c-fC-F][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){1,3}/g

const ENTITIES: Record<string, string> = {
  quot: '"',
  apos: "'",
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: ' ',
  colon: ':',
  equals: '=',
  num: '#',
}
const ESCAPED_LETTERS: Record<string, string> = { n: '\n', r: '\n', t: '\t', '\n': ' ' }

/** Escapes within escapes (JSON in JSON in JSON) are undone one level at a time. */
const MAX_LEVELS = 5

/**
 * Returns the text without invisible characters, and also the text without its escapes if it has any. Rules read
 * both, because an escape in JSON can be a folder in a Windows path.
 */
export function createViews(source: string): View[] {
  const folded = NEEDS_NO_FOLDING.test(source)
    ? { text: source, starts: undefined }
    : rewriteView({ text: source, starts: undefined }, listFoldedPieces(source))
  let decoded = folded
  for (let level = 0; level < MAX_LEVELS; level++) {
    const pieces = listEscapedPieces(decoded.text)
    if (pieces.length === 0) break
    decoded = rewriteView(decoded, pieces)
  }
  return decoded === folded ? [folded] : [folded, decoded]
}

/** Returns a view's part as positions in the source; an escape is never cut in two. */
export function toSource({ starts }: View, start: number, end: number): { start: number; end: number } {
  if (!starts) return { start, end }
  const last = starts[end - 1]
  let after = end
  while (after < starts.length - 1 && starts[after] === last) after++
  return { start: starts[start] ?? start, end: starts[after] ?? end }
}

/** Grows a part of the source until it cuts no escape in two. */
export function toWholeEscapes<T extends { start: number; end: number }>(span: T, { starts }: View): T {
  if (!starts) return span
  const before = starts[lowerBound(starts, span.start + 1) - 1] ?? span.start
  return { ...span, start: Math.min(before, span.start), end: starts[lowerBound(starts, span.end)] ?? span.end }
}

/** Returns the first index whose value is at least `value`, by a binary search. */
function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

function rewriteView({ text, starts }: View, pieces: Piece[]): View {
  if (pieces.length === 0) return { text, starts }
  const parts: string[] = []
  const length = pieces.reduce((sum, piece) => sum + piece.text.length - (piece.end - piece.start), text.length)
  const moved = new Uint32Array(length + 1)
  let out = 0
  let from = 0
  for (const piece of [...pieces, { start: text.length, end: text.length, text: '' }]) {
    if (starts) moved.set(starts.subarray(from, piece.start), out)
    else for (let index = from; index < piece.start; index++) moved[out + index - from] = index
    out += piece.start - from
    const place = starts ? (starts[piece.start] ?? piece.start) : piece.start
    for (let index = 0; index < piece.text.length; index++) moved[out++] = place
    parts.push(text.slice(from, piece.start), piece.text)
    from = piece.end
  }
  moved[out] = starts ? (starts[text.length] ?? text.length) : text.length
  return { text: parts.join(''), starts: moved }
}

const listFoldedPieces = (text: string): Piece[] =>
  Array.from(text.matchAll(FOLDED_OR_INVISIBLE), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    text: LOOKALIKES.includes(found) ? foldLookalike(text, found, index) : foldCharacter(found),
  }))

function foldLookalike(text: string, letter: string, index: number): string {
  const before = /[A-Za-z\u0370-\u052f]*$/.exec(text.slice(Math.max(0, index - MAX_WORD_CHARACTERS), index))?.[0] ?? ''
  const after = /^[A-Za-z\u0370-\u052f]*/.exec(text.slice(index + 1, index + 1 + MAX_WORD_CHARACTERS))?.[0] ?? ''
  return /[A-Za-z]/.test(before + after) ? (LATIN_LETTERS[LOOKALIKES.indexOf(letter)] ?? letter) : letter
}

function foldCharacter(char: string): string {
  const code = char.charCodeAt(0)
  if (!FOLDED.test(char) || char.length > 1) return ''
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0)
  if (/[\u2018-\u201B]/.test(char)) return "'"
  if (/[\u201C-\u201F\u300C-\u300F]/.test(char)) return '"'
  if (/[\u2010-\u2015\u2212]/.test(char)) return '-'
  return /[\u0085\u2028\u2029\r]/.test(char) ? '\n' : ' '
}

const listEscapedPieces = (text: string): Piece[] =>
  Array.from(text.matchAll(ESCAPE), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    text: decodeEscape(found),
  }))

function decodeEscape(written: string): string {
  const rest = written.slice(1)
  if (written.startsWith('%')) return decodePercent(written)
  if (written.startsWith('&#')) {
    const isHex = /^#x/i.test(rest)
    return toVisibleCharacter(Number.parseInt(rest.slice(isHex ? 2 : 1), isHex ? 16 : 10))
  }
  if (written.startsWith('&')) return ENTITIES[rest.slice(0, -1).toLowerCase()] ?? written
  if (rest.length > 1) return toVisibleCharacter(Number.parseInt(rest.slice(1), 16))
  return ESCAPED_LETTERS[rest] ?? rest
}

const toVisibleCharacter = (code: number): string => {
  const char = String.fromCodePoint(code)
  return INVISIBLE.test(char) ? '' : char === '\r' ? '\n' : char
}

function decodePercent(written: string): string {
  try {
    return decodeURIComponent(written).replace('\r', '\n')
  } catch {
    return '\uFFFD'
  }
}
