import { findNames, NAME_KEYWORDS, type SecretName } from './names.ts'
import type { SecretMatch, SecretRule } from './rule.ts'
import { isAssigned, isPassword, trimValue } from './value-pattern.ts'

/** Matches the beginning of `["a", "b"]` in JSON, TOML and programs, in one line or several. */
const BRACKET_BEGIN = /["'`]?[ \t]{0,4}(?::|=>?|:=)\s{0,20}[[(]/y
/** Matches an item in quotes and the text before it, or a quote without a second one in its line. */
const QUOTED_ITEM = /[^"'\][(){}]*(?:"(?<double>[^"\n]*)"|'(?<single>[^'\n]*)'|["'])/y
const BRACKET_END = /[^"'\][(){}]*(?:[\])]|(?<open>$))/y
/** Matches a list of YAML: a colon, and then lines that begin with a dash. */
const IN_LINES = /["'`]?[ \t]{0,4}:[ \t]{0,4}(?=\n)(?:\n[ \t]{0,40}-[ \t]{1,8}[^\n]+)+/y
/**
 * Matches an item of such a list. An item that is a list or an object is none. If the list is a string of JSON, the
 * quote that ends the string comes after the last item.
 */
const LINE_ITEM =
  /(?<=\n[ \t]{0,40}-[ \t]{1,8})["'`]?(?<plain>[^\s"'`#{[][^\s"'`]{2,})(?=["'`]?[ \t]*(?:#[^\n]*)?(?:\n|$)|["'`]{1,4}(?:[,}\])]|$))/g
/** Matches the end of a line if such a list may follow it. */
const LINES_BEGIN = /["'`]?[ \t]{0,4}:[ \t]*$/y

interface List {
  items: SecretMatch[]
  end: number
  /** If true, the text ends before the list. */
  isOpen: boolean
}

/** Finds the items of a list whose name says that they are secrets. */
function findListed(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let listEnd = 0
  for (const name of findNames(text)) {
    if (name.start < listEnd || !mayNameList(name)) continue
    const list = readBrackets(text, name.end) ?? readLines(text, name.end)
    if (!list || list.isOpen) continue
    listEnd = list.end
    for (const item of list.items) if (isSecretItem(text.slice(item.start, item.end), name)) secrets.push(item)
  }
  return secrets
}

/** Returns true if a list whose items are secrets begins on this line, or after it, and does not end on it. */
export const isListHead = (line: string): boolean =>
  /[:=>][ \t]{0,20}(?:[[(]|$)/.test(line) &&
  findNames(line).some((name) => {
    LINES_BEGIN.lastIndex = name.end
    return mayNameList(name) && (LINES_BEGIN.test(line) || readBrackets(line, name.end)?.isOpen)
  })

const mayNameList = (name: SecretName): boolean => isPassword(name) || name.class === 'secret'

const isSecretItem = (value: string, name: SecretName): boolean =>
  isAssigned(value, { ...name, suffix: '' }) && !/[:=]$/.test(trimValue(value))

/**
 * Reads a list in brackets. The first bracket outside of quotes ends it, so that each part of a text is read for three
 * names at most: for one within each kind of quotes, and for one outside of them.
 */
function readBrackets(text: string, from: number): List | undefined {
  BRACKET_BEGIN.lastIndex = from
  if (!BRACKET_BEGIN.test(text)) return undefined
  const items: SecretMatch[] = []
  let end = BRACKET_BEGIN.lastIndex
  QUOTED_ITEM.lastIndex = end
  for (let match = QUOTED_ITEM.exec(text); match; match = QUOTED_ITEM.exec(text)) {
    const { double, single } = match.groups ?? {}
    end = QUOTED_ITEM.lastIndex
    const value = double ?? single
    if (value !== undefined) items.push({ start: end - 1 - value.length, end: end - 1 })
  }
  BRACKET_END.lastIndex = end
  const match = BRACKET_END.exec(text)
  return match ? { items, end: BRACKET_END.lastIndex, isOpen: match.groups?.open !== undefined } : undefined
}

function readLines(text: string, from: number): List | undefined {
  IN_LINES.lastIndex = from
  const match = IN_LINES.exec(text)
  if (!match) return undefined
  const items = Array.from(match[0].matchAll(LINE_ITEM), (item) => {
    const value = item.groups?.plain ?? ''
    const start = from + item.index + item[0].indexOf(value)
    return { start, end: start + value.length }
  })
  return { items, end: IN_LINES.lastIndex, isOpen: false }
}

export const SECRET_LIST_RULE: SecretRule = {
  id: 'listed',
  kind: 'PASSWORD',
  keywords: NAME_KEYWORDS,
  find: findListed,
  hides: [
    '"passwords": ["«Tr0ub4dor&3»", "«Zomer2026!»"]',
    "passwords = [\n  '«Tr0ub4dor&3»',\n  '«Zomer2026!»',\n]",
    'passwords:\n  - «Tr0ub4dor&3»\n  - "«Zomer2026!»" # old\n',
    'api_keys:\n- «{40}»\n- «{32}»',
    '{"note":"passwords:\n  - «Tr0ub4dor&3»\n  - «Zomer2026!»","by":"anna"}',
  ],
  keeps: [
    'passwords: ["changed", "expired"]',
    'secrets:\n  - web-tls\n  - db-tls',
    'passwords:\n  - min: 14\n  - max: 20',
    "passwords:\n  - Welcome1's owner was told",
  ],
}
