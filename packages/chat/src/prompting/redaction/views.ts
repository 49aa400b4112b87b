import { findPart, type Joint, type Replacement, replaceInView, type View } from './view.ts'

/**
 * Matches an invisible character other than a tab or a line end. Views leave such characters out, so that none of them
 * can split a secret.
 */
const INVISIBLE =
  /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u{FFF9}-\u{FFFB}\u{2800}]|(?![\t\n\r\u0085])\p{Cc}/u
/**
 * Matches a variant of an ASCII character: full width, typographic quotes, dashes, blanks, line ends. It does not match
 * the full-width `！`, `，`, `；` and `？`: they end a clause in Chinese, and with it a secret at the clause's end.
 */
const ASCII_VARIANT =
  /[\uFF02-\uFF0B\uFF0D-\uFF1A\uFF1C-\uFF1E\uFF20-\uFF5E\u2018-\u201F\u300C-\u300F\u2010-\u2015\u2212\u00A0\u2000-\u200A\u202F\u3000\u0085\u2028\u2029]|\r\n?/
/** These Cyrillic and Greek letters look like Latin ones. The Latin letter has the same index in `LATIN_LETTERS`. */
const LOOKALIKES = 'аеорсухіјѕԁԝԛһкмтвАВЕКМНОРСТУХЅІЈονρακτιυχ'
const LATIN_LETTERS = 'aeopcyxijsdwqhkmtbABEKMHOPCTYXSIJovpaktiux'
/** Matches what `foldView` replaces or leaves out. */
const CHARACTER_TO_FOLD = new RegExp(`${INVISIBLE.source}|${ASCII_VARIANT.source}|[${LOOKALIKES}]`, 'gu')
/** A lookalike is replaced only if its word has a Latin letter at most this many characters before or after it. */
const MAX_LATIN_DISTANCE = 12
/** Matches the common case: a text with only printable ASCII, tabs, line feeds and Chinese characters. */
const NEEDS_NO_FOLDING = /^[\n\t -~\u3001\u3002\u4e00-\u9fff]*$/

/** Matches an escape of JSON and most programming languages, XML or a URL. The alternatives exclude each other. */
const ESCAPE =
  /\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["'`\\/nrt])|&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|quot|apos|amp|lt|gt|nbsp|colon|equals|num);|%(?:[2-7][0-9a-fA-F]|0[9aAdD])|%[c-fC-F][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){1,3}/g

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
/** A backslash at the end of a line continues the line. */
const LINE_CONTINUATION = '\\\n'
const ESCAPE_OR_CONTINUATION = new RegExp(`${ESCAPE.source}|${RegExp.escape(LINE_CONTINUATION)}`, 'g')
/** Matches a continued line without a blank at the end, if the next line begins without a blank. */
const CONTINUES_WORD = /\S\\\n\S/
/** Matches escapes for line ends and tabs, also in JSON within JSON, with an escaped backslash before them. */
const ESCAPED_LINE_END = /(?<!\\)\\+[nrt](?:\\+[nrt])*/g
/** Maps the character after a backslash to what both stand for. Any other character stands for itself. */
const ESCAPED_CHARACTERS: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

/** Escapes within escapes (JSON in JSON in JSON) are undone one level at a time, up to this many levels. */
const MAX_LEVELS = 5

/**
 * Returns one to four views. The first has no invisible characters, and ASCII for what only looks different from it.
 * If the first view has escapes, the second is the same with the escapes undone. Rules read both views, because what is
 * an escape in JSON can be a part of a Windows path: `C:\new`. If lines end with a backslash, another view joins each
 * of them with the next line, as a shell does. If this joins two words, a further view joins the lines with a blank,
 * because a person may have broken the line between two words. The other views do not join lines, because the row of a
 * table may also end with a backslash, in a path: `C:\home\`. `leaveOutJoinedLines` leaves out what only looks like a
 * secret because lines are joined.
 */
export function createViews(original: string): View[] {
  const folded = foldView({ text: original, parts: undefined, joints: [] })
  const decoded = undoEscapes(folded, ESCAPE)
  const views =
    decoded.text === folded.text ? [folded] : [{ ...folded, joints: listEscapedLineEnds(folded.text) }, decoded]
  if (!decoded.text.includes(LINE_CONTINUATION)) return views
  const joiners = CONTINUES_WORD.test(decoded.text) ? ['', ' '] : ['']
  return [...views, ...joiners.map((joiner) => undoEscapes(folded, ESCAPE_OR_CONTINUATION, joiner))]
}

function undoEscapes(folded: View, pattern: RegExp, joiner = ''): View {
  let decoded = folded
  const continuations: number[] = [] // They are positions in the original.
  for (let level = 0; level < MAX_LEVELS; level++) {
    const replacements = listEscapeReplacements(decoded.text, pattern, joiner)
    if (replacements.length === 0) break
    for (const { start, end } of replacements) {
      if (decoded.text.startsWith(LINE_CONTINUATION, start) && end - start === LINE_CONTINUATION.length)
        continuations.push(decoded.parts?.starts[start] ?? start)
    }
    // An escape may stand for a character that has to be folded.
    decoded = foldView(replaceInView(decoded, replacements))
  }
  return { ...decoded, joints: listJoints(decoded, continuations, joiner) }
}

/** In a view in which no escape is undone, an escape for a line end joins two lines. */
const listEscapedLineEnds = (text: string): Joint[] =>
  Array.from(text.matchAll(ESCAPED_LINE_END), ({ 0: written, index }) => ({
    lineEnd: index,
    nextLineStart: index + written.length,
  }))

/** Finds the joints for these positions of continuations in the original. */
function listJoints({ parts }: View, continuations: number[], joiner: string): Joint[] {
  if (!parts) return []
  return continuations
    .sort((a, b) => a - b)
    .map((position) => findPart(parts, position))
    .map((lineEnd) => ({ lineEnd, nextLineStart: lineEnd + joiner.length }))
}

const foldView = (view: View): View =>
  NEEDS_NO_FOLDING.test(view.text) ? view : replaceInView(view, listFoldReplacements(view.text))

const listFoldReplacements = (text: string): Replacement[] =>
  Array.from(text.matchAll(CHARACTER_TO_FOLD), ({ 0: character, index }) => ({
    start: index,
    end: index + character.length,
    text: LOOKALIKES.includes(character) ? foldLookalike(text, character, index) : foldCharacter(character),
  }))

function foldLookalike(text: string, letter: string, index: number): string {
  const before = /[A-Za-z\u0370-\u052f]*$/.exec(text.slice(Math.max(0, index - MAX_LATIN_DISTANCE), index))?.[0] ?? ''
  const after = /^[A-Za-z\u0370-\u052f]*/.exec(text.slice(index + 1, index + 1 + MAX_LATIN_DISTANCE))?.[0] ?? ''
  return /[A-Za-z]/.test(before + after) ? (LATIN_LETTERS[LOOKALIKES.indexOf(letter)] ?? letter) : letter
}

function foldCharacter(character: string): string {
  const code = character.charCodeAt(0)
  if (!ASCII_VARIANT.test(character)) return '' // It is invisible.
  // The full-width characters have the order of ASCII.
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0)
  if (/[\u2018-\u201B]/.test(character)) return "'"
  if (/[\u201C-\u201F\u300C-\u300F]/.test(character)) return '"'
  if (/[\u2010-\u2015\u2212]/.test(character)) return '-'
  return /[\u0085\u2028\u2029\r]/.test(character) ? '\n' : ' '
}

/** Lists what each escape stands for; `joiner` takes the place of a line continuation. */
const listEscapeReplacements = (text: string, pattern: RegExp, joiner: string): Replacement[] =>
  Array.from(text.matchAll(pattern), ({ 0: written, index }) => ({
    start: index,
    end: index + written.length,
    text: written === LINE_CONTINUATION ? joiner : decodeEscape(written),
  }))

function decodeEscape(written: string): string {
  const body = written.slice(1)
  if (written.startsWith('%')) return decodePercent(written)
  if (written.startsWith('&#')) {
    const isHex = /^#x/i.test(body)
    return String.fromCodePoint(Number.parseInt(body.slice(isHex ? 2 : 1), isHex ? 16 : 10))
  }
  if (written.startsWith('&')) return ENTITIES[body.slice(0, -1)] ?? written
  if (body.length > 1) return String.fromCodePoint(Number.parseInt(body.slice(1), 16)) // `\u0041` or `\x41`
  return ESCAPED_CHARACTERS[body] ?? body
}

function decodePercent(written: string): string {
  try {
    return decodeURIComponent(written)
  } catch {
    return '\uFFFD' // The bytes are no UTF-8.
  }
}
