import { decodeCharacterReferences } from '../character-references.ts'
import { NESTING_LIMITS } from '../limits.ts'

/** Destinations that do not match are text, as in `v[0](std::move(x))` and `handlers[name](event)`. */
const ADDRESS = /^(?:(?:https?|ftp|mailto|tel|sms|data|file|javascript|vbscript|blob|about):|[a-z][a-z\d+.-]*:\/\/|\/)/i
const BLANKS = /[ \t\n]*/y
const ANGLE_BRACKETS = /<([^<>\n]*)>/y
const TITLE = /"[^"]*"|'[^']*'|\([^()]*\)/y

export interface Destination {
  address: string
  end: number
}

/** Reads the text after `](`: a destination with a scheme or a leading slash, an optional title, and `)`. */
export function readDestination(text: string, index: number): Destination | undefined {
  const from = skipBlanks(text, index)
  const destination = readInAngleBrackets(text, from) ?? readBare(text, from)
  if (!destination) return undefined
  const address = decodeCharacterReferences(destination.address).trim()
  if (!ADDRESS.test(address)) return undefined
  const afterAddress = skipBlanks(text, destination.end)
  TITLE.lastIndex = afterAddress
  const title = afterAddress > destination.end ? TITLE.exec(text) : null
  const end = title ? skipBlanks(text, afterAddress + title[0].length) : afterAddress
  return text[end] === ')' ? { address, end: end + 1 } : undefined
}

function skipBlanks(text: string, index: number): number {
  BLANKS.lastIndex = index
  return index + (BLANKS.exec(text)?.[0].length ?? 0)
}

function readInAngleBrackets(text: string, index: number): Destination | undefined {
  ANGLE_BRACKETS.lastIndex = index
  const match = ANGLE_BRACKETS.exec(text)
  return match ? { address: match[1] ?? '', end: index + match[0].length } : undefined
}

/**
 * Reads up to a blank, a `<` or the parenthesis that closes the link. It is called for each `](` of a text. The limit
 * of nesting stops it early, so that all calls together take linear time.
 */
function readBare(text: string, index: number): Destination | undefined {
  let depth = 0
  let end = index
  for (; end < text.length; end += 1) {
    const character = text.charAt(end)
    if (character <= ' ' || character === '<') break
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth > NESTING_LIMITS.parentheses) return undefined
    if (depth < 0) break
  }
  return depth <= 0 && end > index ? { address: text.slice(index, end), end } : undefined
}
