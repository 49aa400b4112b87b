/** Classifies a character by its effect on delimiters beside it. As in CommonMark, `punctuation` includes symbols. */
export type CharacterKind = 'space' | 'cjk' | 'word' | 'punctuation'

const SPACE = /\s/
const CJK =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303F\uFE30-\uFE4F\uFF00-\uFFEF]/u
const PUNCTUATION_OR_SYMBOL = /[\p{P}\p{S}]/u

/** Describes the character beside a run of delimiters. The start and the end of the text count as spaces. */
export interface Neighbour {
  character: string
  kind: CharacterKind
}

const TEXT_EDGE: Neighbour = { character: '', kind: 'space' }

export function getNeighbourBefore(text: string, index: number): Neighbour {
  if (index === 0) return TEXT_EDGE
  const lastUnit = text.charCodeAt(index - 1)
  const isLowSurrogate = lastUnit >= 0xdc00 && lastUnit <= 0xdfff // The character then has two units.
  return toNeighbour(text.slice(Math.max(0, index - (isLowSurrogate ? 2 : 1)), index))
}

export function getNeighbourAfter(text: string, index: number): Neighbour {
  const code = text.codePointAt(index)
  return code === undefined ? TEXT_EDGE : toNeighbour(String.fromCodePoint(code))
}

function toNeighbour(character: string): Neighbour {
  if (SPACE.test(character)) return { character, kind: 'space' }
  if (CJK.test(character)) return { character, kind: 'cjk' }
  return { character, kind: PUNCTUATION_OR_SYMBOL.test(character) ? 'punctuation' : 'word' }
}
