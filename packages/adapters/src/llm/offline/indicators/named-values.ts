import { extractIndicators } from './extract-indicators.ts'

/** Only this many accounts are searched for, so that a text is read in linear time. */
const MAX_KNOWN_ACCOUNTS = 50

/** Matches no text. */
const NOTHING = /(?!)/g

/**
 * Creates a pattern that finds known accounts where no word such as "account" comes before them. A name within a longer
 * one is another account: `svc-backup` is not found in `svc-backup2`, nor `CORP\pc-7` in `CORP\pc-7$`.
 */
export function createAccountPattern(accounts: readonly string[]): RegExp {
  if (accounts.length === 0) return NOTHING
  const anyName = accounts.slice(0, MAX_KNOWN_ACCOUNTS).map(RegExp.escape).join('|')
  return new RegExp(String.raw`(?<![\w.@\\-])(?:${anyName})(?![\w@$-]|\.\w)`, 'gi')
}

/**
 * Returns a check whether the text names a value of the record as a whole. Where the text names `10.0.0.12`, it does
 * not name `10.0.0.1`.
 */
export function createNameCheck(text: string, knownAccounts: readonly string[]): (value: string) => boolean {
  const { account, host, ...others } = extractIndicators(text)
  // Most accounts are found only after a word such as "account", which a sentence about a containment seldom has.
  const foundAccounts = text.match(createAccountPattern(knownAccounts)) ?? []
  const names = new Set([...account, ...host, ...foundAccounts].map((name) => name.toLowerCase()))
  const values = new Set(Object.values(others).flat())
  return (value) => values.has(value) || names.has(value.toLowerCase())
}
