import { findNames, NAME_KEYWORDS, type SecretName } from '../names.ts'
import type { SecretMatch, SecretRule } from '../rule.ts'
import { isAssignedSecret, isPasswordName, trimValue } from '../value-pattern.ts'
import { listLines } from './cells.ts'

/**
 * Matches what follows the name of a list in brackets, as in JSON, TOML and programs: a quote that may end the name, a
 * separator and the opening bracket.
 */
const BRACKET_LIST_BEGIN = /["'`]?[ \t]{0,4}(?::|=>?|:=)\s{0,20}[[(]/y
/**
 * Returns the source of a pattern for an item with its two quotes. The group holds the text between them. This text may
 * contain up to three quotes of the same form, each directly before a character such as a letter.
 */
const createItemPattern = (group: string, quote: string): string => {
  const part = `(?:[^${quote}\\\\\\n]|\\\\.)*`
  return `${quote}(?<${group}>${part}(?:${quote}(?=[^\\s,;:.)\\]}"'#+])${part}){0,3})${quote}`
}
/**
 * Matches the text before an item, which has no brackets and no quotes, except escaped quotes. These belong to the
 * text, because otherwise the rest of the line would be read again for each of them.
 */
const BEFORE_ITEM = `(?:[^"'\\\\\\][(){}]|\\\\(?:["'\\\\]|(?!["'\\\\])))*`
/**
 * Matches the text before an item, and then one of three: an item in quotes; the last item of a line if its closing
 * quote is missing (`cut`); or one quote that encloses nothing.
 */
const QUOTED_ITEM = new RegExp(
  `${BEFORE_ITEM}(?:${createItemPattern('double', '"')}|${createItemPattern('single', "'")}|(?<!\\w)["'](?<cut>[^\\s"',;]+)(?=\\n|$)|["'])`,
  'y',
)
/** Matches the text after the last item, and the closing bracket if it comes next. */
const BRACKET_LIST_END = new RegExp(`${BEFORE_ITEM}(?<close>[\\])])?`, 'y')
/** Matches a list of YAML: a colon, and then lines that begin with a dash. */
const YAML_LIST = /["'`]?[ \t]{0,4}:[ \t]{0,4}(?=\n)(?:\n[ \t]{0,40}-[ \t]{1,8}[^\n]+)+/y
/**
 * Matches an item of a list of YAML if the item is a single word, with or without quotes. A list or an object in the
 * list does not match. If the YAML is a string in JSON, the quote that ends the string may follow the last item.
 */
const YAML_ITEM =
  /(?<=\n[ \t]{0,40}-[ \t]{1,8})["'`]?(?<plain>[^\s"'`#{[][^\s"'`]{2,})(?=["'`]?[ \t]*(?:#[^\n]*)?(?:\n|$)|["'`]{1,4}(?:[,}\])]|$))/g
/** Matches the end of a line that may be followed by a list of YAML. */
const YAML_LIST_BEGIN = /["'`]?[ \t]{0,4}:[ \t]*$/y

interface List {
  items: SecretMatch[]
  /** Holds the position at which the reading ended. */
  end: number
  /**
   * If true, the whole list was read. If false, the reading ended earlier: at the text's end, at a bracket that does
   * not close the list, or after an item that was already read for another name.
   */
  isClosed: boolean
}

/** Finds the items of a list whose name says that they are secrets. */
function findListed(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let listEnd = 0
  const itemEndsByCriteria = new Map<string, Set<number>>()
  for (const name of findNames(text)) {
    if (name.start < listEnd || !mayNameList(name)) continue
    // `isSecretItem` uses only these two properties of a name. If they are equal, one reading of an item is enough.
    const criteria = `${name.class} ${name.isWeak}`
    const itemEnds = itemEndsByCriteria.get(criteria) ?? new Set()
    itemEndsByCriteria.set(criteria, itemEnds)
    const list = readBracketList(text, name.end, itemEnds) ?? readYamlList(text, name.end)
    if (!list) continue
    if (list.isClosed) listEnd = list.end
    for (const item of list.items) if (isSecretItem(text.slice(item.start, item.end), name)) secrets.push(item)
  }
  return secrets
}

/** Returns true if the line has the name of a list of secrets, and the list's items may go on in the next lines. */
export const isListHead = (line: string): boolean => findOpenListNames(line).length > 0

/** Returns the end of the list in brackets that goes on at `position`. Returns `position` if there is no such list. */
export function findListEnd(text: string, position: number): number {
  let listEnd = 0
  for (const { line, start } of listLines(text.slice(0, position))) {
    for (const name of findOpenListNames(line)) {
      if (start + name.end >= listEnd) listEnd = readBracketList(text, start + name.end)?.end ?? listEnd
    }
  }
  return Math.max(listEnd, position)
}

/** Finds the names of lists whose items may go on in the next lines. A list of YAML only begins there. */
function findOpenListNames(line: string): SecretName[] {
  if (!/[:=>][ \t]{0,20}(?:[[(]|$)/.test(line)) return []
  const itemEnds = new Set<number>()
  return findNames(line).filter((name) => mayNameList(name) && isListOpen(line, name.end, itemEnds))
}

/** Returns true if a list may go on after this line. The list's name ends at `nameEnd`. */
function isListOpen(line: string, nameEnd: number, itemEnds: Set<number>): boolean {
  YAML_LIST_BEGIN.lastIndex = nameEnd
  if (YAML_LIST_BEGIN.test(line)) return true
  const list = readBracketList(line, nameEnd, itemEnds)
  return list !== undefined && !list.isClosed && list.end === line.length
}

const mayNameList = (name: SecretName): boolean => isPasswordName(name) || name.class === 'secret'

// The name of a list is a plural. An item is checked like the value of the singular, so the name loses its suffix. An
// item that ends with a separator is the name of another value.
const isSecretItem = (value: string, name: SecretName): boolean =>
  isAssignedSecret(value, { ...name, suffix: '' }) && !/[:=]$/.test(trimValue(value))

/**
 * Reads the list in brackets whose name ends at `nameEnd`, up to the first bracket outside of quotes. Returns undefined
 * if no such list follows the name. `itemEnds` holds the positions after the items that were read for other names. The
 * reading stops at such a position, because the rest was read, too. The ends of this list's items are added to
 * `itemEnds`. So the time is linear.
 */
function readBracketList(text: string, nameEnd: number, itemEnds = new Set<number>()): List | undefined {
  BRACKET_LIST_BEGIN.lastIndex = nameEnd
  if (!BRACKET_LIST_BEGIN.test(text)) return undefined
  const items: SecretMatch[] = []
  let end = BRACKET_LIST_BEGIN.lastIndex
  QUOTED_ITEM.lastIndex = end
  for (let match = QUOTED_ITEM.exec(text); match; match = QUOTED_ITEM.exec(text)) {
    const { double, single, cut } = match.groups ?? {}
    end = QUOTED_ITEM.lastIndex
    const value = double ?? single ?? cut
    const valueEnd = cut === undefined ? end - 1 : end
    if (value !== undefined) items.push({ start: valueEnd - value.length, end: valueEnd })
    if (itemEnds.has(end)) return { items, end, isClosed: false }
    itemEnds.add(end)
  }
  BRACKET_LIST_END.lastIndex = end
  const isClosed = BRACKET_LIST_END.exec(text)?.groups?.close !== undefined
  return { items, end: BRACKET_LIST_END.lastIndex, isClosed }
}

/** Reads the list of YAML whose name ends at `nameEnd`. Returns undefined if no such list follows the name. */
function readYamlList(text: string, nameEnd: number): List | undefined {
  YAML_LIST.lastIndex = nameEnd
  const match = YAML_LIST.exec(text)
  if (!match) return undefined
  const items = Array.from(match[0].matchAll(YAML_ITEM), (item) => {
    const value = item.groups?.plain ?? ''
    const start = nameEnd + item.index + item[0].indexOf(value)
    return { start, end: start + value.length }
  })
  return { items, end: YAML_LIST.lastIndex, isClosed: true }
}

export const SECRET_LIST_RULE: SecretRule = {
  id: 'listed',
  kind: 'PASSWORD',
  keywords: NAME_KEYWORDS,
  find: findListed,
  hiddenSamples: [
    '"passwords": ["«Tr0ub4dor&3»", "«Zomer2026!»"]',
    `"passwords": ["«pa\\"ss-Winter9»", "«Zomer2026!»"]`,
    `passwords = ['«pa\\'ss-Winter9»', '«Zomer2026!»']`,
    `passwords: ["«pa"ss-Winter9»", "«Zomer2026!»", "«Tr0u»`,
    "passwords = [\n  '«Tr0ub4dor&3»',\n  '«Zomer2026!»',\n]",
    'passwords:\n  - «Tr0ub4dor&3»\n  - "«Zomer2026!»" # old\n',
    'api_keys:\n- «{40}»\n- «{32}»',
    '{"note":"passwords:\n  - «Tr0ub4dor&3»\n  - «Zomer2026!»","by":"anna"}',
  ],
  keptSamples: [
    'passwords: ["changed", "expired"]',
    'secrets:\n  - web-tls\n  - db-tls',
    'passwords:\n  - min: 14\n  - max: 20',
    "passwords:\n  - Welcome1's owner was told",
  ],
}
