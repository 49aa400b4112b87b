import { findNames, NAME_KEYWORDS, type SecretName } from './names.ts'
import type { SecretMatch, SecretRule } from './rule.ts'
import { isAssigned, isPassword, trimValue } from './value-pattern.ts'

/** Matches `["a", "b"]` in JSON, TOML and programs, in one line or several. */
const IN_BRACKETS = /["'`]?[ \t]{0,4}(?::|=>?|:=)\s{0,20}[[(](?<items>[^\][(){}]{3,4000})[\])]/y
/** Matches a list of YAML: a colon, and then lines that begin with a dash. */
const IN_LINES = /["'`]?[ \t]{0,4}:[ \t]{0,4}(?=\n)(?<items>(?:\n[ \t]{0,40}-[ \t]{1,8}[^\n]{1,200}){1,200})/y
const QUOTED_ITEM = /"(?<double>[^"\n]{3,300})"|'(?<single>[^'\n]{3,300})'/g
/** Matches an item of such a list. An item that is a list or an object is none. */
const LINE_ITEM =
  /(?<=\n[ \t]{0,40}-[ \t]{1,8})["'`]?(?<plain>[^\s"'`#{[][^\s"'`]{2,199})["'`]?(?=[ \t]*(?:#[^\n]*)?(?:\n|$))/g

/** Finds the items of a list whose name says that they are secrets. */
function findListed(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let listEnd = 0
  for (const name of findNames(text)) {
    if (name.start < listEnd || (!isPassword(name) && name.class !== 'secret')) continue
    for (const [listPattern, itemPattern] of [[IN_BRACKETS, QUOTED_ITEM] as const, [IN_LINES, LINE_ITEM] as const]) {
      listPattern.lastIndex = name.end
      const list = listPattern.exec(text)
      const items = list?.groups?.items
      if (!list || items === undefined) continue
      listEnd = listPattern.lastIndex
      secrets.push(...findItems(items, list.index + list[0].lastIndexOf(items), itemPattern, name))
    }
  }
  return secrets
}

function findItems(items: string, itemsStart: number, itemPattern: RegExp, name: SecretName): SecretMatch[] {
  return Array.from(items.matchAll(itemPattern)).flatMap((match) => {
    const { double, single, plain } = match.groups ?? {}
    const value = double ?? single ?? plain ?? ''
    const start = itemsStart + match.index + match[0].indexOf(value)
    return isAssigned(value, { ...name, suffix: '' }) && !/[:=]$/.test(trimValue(value))
      ? [{ start, end: start + value.length }]
      : []
  })
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
  ],
  keeps: [
    'passwords: ["changed", "expired"]',
    'secrets:\n  - web-tls\n  - db-tls',
    'passwords:\n  - min: 14\n  - max: 20',
  ],
}
