import { findNames, NAME_KEYWORDS, type SecretName } from './names.ts'
import type { SecretMatch, SecretRule } from './rule.ts'
import { isAssigned, isPassword, trimValue } from './value-pattern.ts'

/** Matches `["a", "b"]` in JSON, TOML and programs, in one line or several. */
const IN_BRACKETS = /["'`]?[ \t]{0,4}(?::|=>?|:=)\s{0,20}[[(](?<items>[^\][(){}]{3,4000})[\])]/y
/** Matches a list of YAML. */
const IN_LINES = /["'`]?[ \t]{0,4}:[ \t]{0,4}(?=\n)(?<items>(?:\n[ \t]{0,40}-[ \t]{1,8}[^\n]{1,200}){1,200})/y
const QUOTED_ITEM = /"(?<double>[^"\n]{3,300})"|'(?<single>[^'\n]{3,300})'/g
const LINE_ITEM =
  /(?<=\n[ \t]{0,40}-[ \t]{1,8})["'`]?(?<plain>[^\s"'`#{[][^\s"'`]{2,199})["'`]?(?=[ \t]*(?:#[^\n]*)?(?:\n|$))/g

/** Finds the items of a list whose name says that they are secrets. */
function findListed(text: string): SecretMatch[] {
  const found: SecretMatch[] = []
  let from = 0
  for (const name of findNames(text)) {
    if (name.start < from || (!isPassword(name) && name.class !== 'secret')) continue
    for (const [pattern, item] of [[IN_BRACKETS, QUOTED_ITEM] as const, [IN_LINES, LINE_ITEM] as const]) {
      pattern.lastIndex = name.end
      const list = pattern.exec(text)
      const items = list?.groups?.items
      if (!list || items === undefined) continue
      from = pattern.lastIndex
      found.push(...findItems(items, list.index + list[0].lastIndexOf(items), item, name))
    }
  }
  return found
}

function findItems(items: string, itemsStart: number, pattern: RegExp, name: SecretName): SecretMatch[] {
  return Array.from(items.matchAll(pattern)).flatMap((match) => {
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
