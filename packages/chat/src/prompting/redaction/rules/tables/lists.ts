import { findNames, NAME_KEYWORDS, type SecretName } from '../names.ts'
import type { SecretMatch, SecretRule } from '../rule.ts'
import { isAssignedSecret, isPasswordName, trimValue } from '../value-pattern.ts'
import { listLines } from './cells.ts'

/** Matches the text between a name and its list in brackets, and the bracket, as in JSON, TOML and programs. */
const BRACKET_BEGIN = /["'`]?[ \t]{0,4}(?::|=>?|:=)\s{0,20}[[(]/y
/** Returns the pattern of an item, up to its closing quote. A quote right before a letter is within the item. */
const createItemPattern = (group: string, quote: string): string => {
  const part = `(?:[^${quote}\\\\\\n]|\\\\.)*`
  return `${quote}(?<${group}>${part}(?:${quote}(?=[^\\s,;:.)\\]}"'#+])${part}){0,3})${quote}`
}
/** Matches the text before an item. It passes over escaped quotes, so that a line is not read again for each of them. */
const BEFORE_ITEM = `(?:[^"'\\\\\\][(){}]|\\\\(?:["'\\\\]|(?!["'\\\\])))*`
/** Matches an item in quotes, the last item of a line if its quote does not end, or a quote without a second one. */
const QUOTED_ITEM = new RegExp(
  `${BEFORE_ITEM}(?:${createItemPattern('double', '"')}|${createItemPattern('single', "'")}|(?<!\\w)["'](?<cut>[^\\s"',;]+)(?=\\n|$)|["'])`,
  'y',
)
const BRACKET_END = new RegExp(`${BEFORE_ITEM}(?<close>[\\])])?`, 'y')
/** Matches a list of YAML: a colon, and then lines that begin with a dash. */
const YAML_LIST = /["'`]?[ \t]{0,4}:[ \t]{0,4}(?=\n)(?:\n[ \t]{0,40}-[ \t]{1,8}[^\n]+)+/y
/**
 * Matches an item of such a list, unless the item is itself a list or an object. If the YAML is a string in JSON, the
 * quote that ends the string comes after the last item.
 */
const YAML_ITEM =
  /(?<=\n[ \t]{0,40}-[ \t]{1,8})["'`]?(?<plain>[^\s"'`#{[][^\s"'`]{2,})(?=["'`]?[ \t]*(?:#[^\n]*)?(?:\n|$)|["'`]{1,4}(?:[,}\])]|$))/g
/** Matches the end of a line if such a list may follow it. */
const YAML_LIST_BEGIN = /["'`]?[ \t]{0,4}:[ \t]*$/y

interface List {
  items: SecretMatch[]
  end: number
  /** If false, the reading ended before a closing bracket: at the text's end, another bracket or an item in `itemEnds`. */
  isClosed: boolean
}

/** Finds the items of a list whose name says that they are secrets. */
function findListed(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let listEnd = 0
  const itemEndsByNames = new Map<string, Set<number>>()
  for (const name of findNames(text)) {
    if (name.start < listEnd || !mayNameList(name)) continue
    const likeNames = `${name.class} ${name.isWeak}` // Names that are alike in these two accept the same items.
    const itemEnds = itemEndsByNames.get(likeNames) ?? new Set()
    itemEndsByNames.set(likeNames, itemEnds)
    const list = readBracketList(text, name.end, itemEnds) ?? readYamlList(text, name.end)
    if (!list) continue
    if (list.isClosed) listEnd = list.end
    for (const item of list.items) if (isSecretItem(text.slice(item.start, item.end), name)) secrets.push(item)
  }
  return secrets
}

/** Returns true if a list of secrets begins on this line and goes on below it, or may begin below it as in YAML. */
export const isListHead = (line: string): boolean => findOpenLists(line).length > 0

/** Returns the position, or if a list in brackets goes on there, the end of that list. */
export function findListEnd(text: string, position: number): number {
  let listEnd = 0
  for (const { line, start } of listLines(text.slice(0, position))) {
    for (const name of findOpenLists(line)) {
      if (start + name.end >= listEnd) listEnd = readBracketList(text, start + name.end)?.end ?? listEnd
    }
  }
  return Math.max(listEnd, position)
}

/** Finds the names of the lists that begin on this line and go on below it, or may begin below it as in YAML. */
function findOpenLists(line: string): SecretName[] {
  if (!/[:=>][ \t]{0,20}(?:[[(]|$)/.test(line)) return []
  const itemEnds = new Set<number>()
  return findNames(line).filter((name) => mayNameList(name) && isOpenList(line, name.end, itemEnds))
}

function isOpenList(line: string, from: number, itemEnds: Set<number>): boolean {
  YAML_LIST_BEGIN.lastIndex = from
  if (YAML_LIST_BEGIN.test(line)) return true
  const list = readBracketList(line, from, itemEnds)
  return list !== undefined && !list.isClosed && list.end === line.length
}

const mayNameList = (name: SecretName): boolean => isPasswordName(name) || name.class === 'secret'

// The name of a list is a plural, but each item is judged as the value of one secret.
const isSecretItem = (value: string, name: SecretName): boolean =>
  isAssignedSecret(value, { ...name, suffix: '' }) && !/[:=]$/.test(trimValue(value))

/**
 * Reads a list in brackets, up to the first bracket outside of quotes. It stops at an item's end that is in `itemEnds`,
 * because the rest was read for another name, and adds the ends of the items that it reads: the time is linear.
 */
function readBracketList(text: string, from: number, itemEnds = new Set<number>()): List | undefined {
  BRACKET_BEGIN.lastIndex = from
  if (!BRACKET_BEGIN.test(text)) return undefined
  const items: SecretMatch[] = []
  let end = BRACKET_BEGIN.lastIndex
  QUOTED_ITEM.lastIndex = end
  for (let match = QUOTED_ITEM.exec(text); match; match = QUOTED_ITEM.exec(text)) {
    const { double, single, cut } = match.groups ?? {}
    end = QUOTED_ITEM.lastIndex
    const value = double ?? single ?? cut
    const itemEnd = cut === undefined ? end - 1 : end
    if (value !== undefined) items.push({ start: itemEnd - value.length, end: itemEnd })
    if (itemEnds.has(end)) return { items, end, isClosed: false }
    itemEnds.add(end)
  }
  BRACKET_END.lastIndex = end
  const isClosed = BRACKET_END.exec(text)?.groups?.close !== undefined
  return { items, end: BRACKET_END.lastIndex, isClosed }
}

function readYamlList(text: string, from: number): List | undefined {
  YAML_LIST.lastIndex = from
  const match = YAML_LIST.exec(text)
  if (!match) return undefined
  const items = Array.from(match[0].matchAll(YAML_ITEM), (item) => {
    const value = item.groups?.plain ?? ''
    const start = from + item.index + item[0].indexOf(value)
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
