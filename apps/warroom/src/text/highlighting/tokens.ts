import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import json from 'highlight.js/lib/languages/json'
import powershell from 'highlight.js/lib/languages/powershell'
import python from 'highlight.js/lib/languages/python'
import sql from 'highlight.js/lib/languages/sql'
import yaml from 'highlight.js/lib/languages/yaml'
import { kql } from './kql.ts'
import type { Grammar } from './languages.ts'
import { spl } from './spl.ts'
import type { TokenKind } from './token-kinds.ts'
import { yara } from './yara.ts'

export interface Token {
  kind: TokenKind
  start: number
  end: number
}

/** Longer code is shown in one colour, because parsing it would block the page. */
export const MAX_HIGHLIGHTED_CHARACTERS = 20_000

for (const [name, grammar] of Object.entries({ kql, spl, yara, powershell, bash, python, yaml, sql, json })) {
  hljs.registerLanguage(name, grammar)
}

/** Maps the classes of the library's HTML, without their prefix `hljs-`, to the kinds of tokens. */
const KIND_BY_CLASS: Record<string, TokenKind> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  section: 'keyword',
  tag: 'keyword',
  string: 'string',
  regexp: 'string',
  char: 'string',
  link: 'string',
  number: 'number',
  literal: 'number',
  symbol: 'number',
  bullet: 'number',
  comment: 'comment',
  quote: 'comment',
  doctag: 'comment',
  meta: 'comment',
  title: 'name',
  built_in: 'name',
  type: 'name',
  attr: 'name',
  attribute: 'name',
  variable: 'name',
}

/** Matches a chunk of the library's HTML: a tag, a character reference or other text. */
const HTML_CHUNK = /<span class="hljs-([a-z_-]+)[^"]*">|<\/span>|&(?:amp|lt|gt|quot|#x27);|[^<&]+/g
const CHARACTER_BY_REFERENCE: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
}

/**
 * Finds the coloured parts of a text. The library returns HTML, which is parsed for positions and never inserted into
 * the page. If the HTML contains another text than the library received, no part is coloured.
 */
export function findTokens(text: string, grammar: Grammar): Token[] {
  if (text.length > MAX_HIGHLIGHTED_CHARACTERS) return []
  const { value: html } = hljs.highlight(text, { language: grammar, ignoreIllegals: true })
  const tokens: Token[] = []
  /** Holds the kinds of the tags that are open at this place; undefined for a tag without a colour. */
  const openKinds: (TokenKind | undefined)[] = []
  let offset = 0
  for (const { 0: chunk, 1: className } of html.matchAll(HTML_CHUNK)) {
    if (className !== undefined) openKinds.push(KIND_BY_CLASS[className])
    else if (chunk === '</span>') openKinds.pop()
    else {
      const decodedChunk = CHARACTER_BY_REFERENCE[chunk] ?? chunk
      if (!text.startsWith(decodedChunk, offset)) return []
      addToken(tokens, openKinds.at(-1), offset, offset + decodedChunk.length)
      offset += decodedChunk.length
    }
  }
  return offset === text.length ? tokens : []
}

/** Adds a token, or extends the last one if it has the same kind and ends where this one starts. */
function addToken(tokens: Token[], kind: TokenKind | undefined, start: number, end: number): void {
  if (kind === undefined) return
  const lastToken = tokens.at(-1)
  if (lastToken?.kind === kind && lastToken.end === start) lastToken.end = end
  else tokens.push({ kind, start, end })
}
