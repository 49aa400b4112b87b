import { LIMITS } from '../limits.ts'
import { decodeReferences } from '../references.ts'

/** Other destinations are text, as in `v[0](std::move(x))` and `handlers[name](event)`. */
const ADDRESS = /^(?:(?:https?|ftp|mailto|tel|sms|data|file|javascript|vbscript|blob|about):|[a-z][a-z\d+.-]*:\/\/|\/)/i
const BLANKS = /[ \t\n]*/y
const POINTED = /<([^<>\n]*)>/y
const TITLE = /"[^"]*"|'[^']*'|\([^()]*\)/y

export interface Destination {
  address: string
  end: number
}

/** Reads the text behind `](`: a destination with a scheme or a leading slash, an optional title, and `)`. */
export function readDestination(text: string, at: number): Destination | undefined {
  const from = skip(text, at)
  const found = readPointed(text, from) ?? readBare(text, from)
  if (!found) return undefined
  const address = decodeReferences(found.address).trim()
  if (!ADDRESS.test(address)) return undefined
  const behind = skip(text, found.end)
  TITLE.lastIndex = behind
  const title = behind > found.end ? TITLE.exec(text) : null
  const end = title ? skip(text, behind + title[0].length) : behind
  return text[end] === ')' ? { address, end: end + 1 } : undefined
}

function skip(text: string, at: number): number {
  BLANKS.lastIndex = at
  return at + (BLANKS.exec(text)?.[0].length ?? 0)
}

function readPointed(text: string, at: number): Destination | undefined {
  POINTED.lastIndex = at
  const found = POINTED.exec(text)
  return found ? { address: found[1] ?? '', end: at + found[0].length } : undefined
}

/**
 * Reads up to a blank or the parenthesis that closes the link. The limit of nesting keeps the sum of all attempts
 * linear.
 */
function readBare(text: string, at: number): Destination | undefined {
  let depth = 0
  let end = at
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end)
    if (code <= 0x20 || code === 0x3c) break
    if (code === 0x28) depth += 1
    if (code === 0x29) depth -= 1
    if (depth > LIMITS.parentheses) return undefined
    if (depth < 0) break
  }
  return depth <= 0 && end > at ? { address: text.slice(at, end), end } : undefined
}
