const CHARACTERS_BY_NAME: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00A0', colon: ':', sol: '/', Tab: '\t' },
  ...{ ndash: '–', mdash: '—', hellip: '…', middot: '·', bull: '•', deg: '°', times: '×', le: '≤', ge: '≥', ne: '≠' },
  ...{
    larr: '←',
    rarr: '→',
    lsquo: '‘',
    rsquo: '’',
    ldquo: '“',
    rdquo: '”',
    sect: '§',
    copy: '©',
    lpar: '(',
    rpar: ')',
  },
}

/** Matches a character reference: `&#42;`, `&#x2A;` or `&amp;`. */
const CHARACTER_REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,6}));/y
const CHARACTER_REFERENCES = new RegExp(CHARACTER_REFERENCE.source, 'g')

/** Decodes the character reference at `index`, if there is one. */
export function readCharacterReference(text: string, index: number): { value: string; end: number } | undefined {
  CHARACTER_REFERENCE.lastIndex = index
  const match = CHARACTER_REFERENCE.exec(text)
  const value = match && decode(match[1], match[2], match[3])
  return match && value !== undefined && value !== null ? { value, end: index + match[0].length } : undefined
}

export const decodeCharacterReferences = (text: string): string =>
  text.replace(CHARACTER_REFERENCES, (all, decimal, hex, name) => decode(decimal, hex, name) ?? all)

function decode(decimal?: string, hex?: string, name?: string): string | undefined {
  if (name !== undefined) return Object.hasOwn(CHARACTERS_BY_NAME, name) ? CHARACTERS_BY_NAME[name] : undefined
  const code = decimal !== undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16)
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : '\uFFFD'
}

/** Escapes all markup of a text: punctuation, tabs and line ends become character references. */
export const escapeMarkdown = (text: string): string => text.replace(/[!-/:-@[-`{-~\t\n\r]/g, toReference)

const toReference = (character: string): string => `&#${character.charCodeAt(0)};`

/** Escapes blanks at the start of a paragraph, because four of them would begin a code block. */
export const escapeLeadingBlanks = (text: string): string =>
  text.replace(/^ +/, (blanks) => blanks.replaceAll(' ', '&#32;'))

/** Writes a paragraph that shows a text line by line. An empty line becomes an escaped blank, so that it is shown. */
export const escapeMarkdownLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => (/^[ \t]*$/.test(line) ? '&#32;' : escapeLeadingBlanks(escapeMarkdown(line))))
    .join('\n')
