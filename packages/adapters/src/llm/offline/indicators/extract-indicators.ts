import { isIPv4, isIPv6 } from 'node:net'
import { findIndicators, isDomain } from '@engineer-chat/chat/rooms'
import { markDeceptive } from '@engineer-chat/markdown'
import { isAccountName, isHostName } from './host-names.ts'

/** Lists the kinds in the order in which answers list them. */
export const INDICATOR_KINDS = [
  'ipv4',
  'ipv6',
  'domain',
  'url',
  'email',
  'hash',
  'path',
  'account',
  'host',
  'cve',
  'attack',
] as const
export type IndicatorKind = (typeof INDICATOR_KINDS)[number]
export type Indicators = Record<IndicatorKind, string[]>

interface Rule {
  /** The other kinds are found by `findIndicators`, which also reads every message that is sent. */
  kind: 'path' | 'account' | 'host'
  pattern: RegExp
  /** Returns false for a match that is no indicator after all. */
  accept?: (match: string) => boolean
}

/** These rules run first, because a name within a path is not a domain. */
const PATHS: Rule[] = [
  // Matches paths and keys of Windows: `C:\Temp\a.exe`, `%APPDATA%\a.dll`, `HKLM\Software\Run`, `\\host\share`.
  {
    kind: 'path',
    pattern:
      /(?:\b[a-z]:|%\w+%|\bHK(?:LM|CU|CR|U|EY_\w+)|\\\\[\w.$-]+)\\(?:(?:(?![.,;?*] )[^\\/:"<>|\r\n`]){1,64}\\)*[^\\/:"<>|\r\n`\s,;，。；、）]+/gi,
  },
  // Matches paths of Unix: `/etc/cron.d/job`.
  {
    kind: 'path',
    pattern:
      /(?<![\w/.:])\/(?:etc|usr|var|tmp|home|opt|root|s?bin|dev|proc|srv|mnt|lib\d*|run|boot|Users|Library|private)(?:\/[\w.+@~*?⟨⟩-]+)+/g,
  },
]

/** These rules run last, because a part of a domain or a mail address can look like a host's name. */
const NAMES: Rule[] = [
  // Matches an account of a Windows domain: `CORP\j.doe`.
  { kind: 'account', pattern: /\b[A-Z][A-Z0-9-]{1,14}\\[A-Za-z][\w.$-]*/g },
  // Matches a name with `.`, `_` or `-` after a word for accounts: `j.doe` in `user j.doe`.
  {
    kind: 'account',
    pattern:
      /(?<=(?:\b(?:[Aa]ccounts?|[Uu]sers?|[Uu]sername)|账[号户]|用户名?)(?:[ :：=]{1,3}|(?<=[号户名])))[A-Za-z][A-Za-z0-9]{0,30}(?:[._-][A-Za-z0-9]{1,30}){1,3}(?![\w@-])/g,
    accept: isAccountName,
  },
  // Matches names such as `FIN-WS-022` and `web-prod-03`.
  {
    kind: 'host',
    pattern:
      /(?<![\w-])(?:[A-Z][A-Z0-9]{0,30}(?:-[A-Z0-9]{1,30}){1,6}|[a-z][a-z0-9]{0,30}(?:-[a-z0-9]{1,30}){0,6}-[a-z]{0,30}\d{1,4})(?![\w-])/g,
    accept: isHostName,
  },
]

/** Finds each indicator once. The values of a kind are refanged and in the order of appearance. */
export function extractIndicators(text: string): Indicators {
  const found: Found = {
    url: new Set(),
    email: new Set(),
    hash: new Set(),
    cve: new Set(),
    attack: new Set(),
    ipv6: new Set(),
    ipv4: new Set(),
    path: new Set(),
    domain: new Set(),
    account: new Set(),
    host: new Set(),
  }
  takeByRules(found, NAMES, takeIndicators(found, takeByRules(found, PATHS, markDeceptive(text))))
  for (const url of found.url) addHost(found, new URL(url).hostname)
  const { url, email, hash, cve, attack, ipv6, ipv4, path, domain, account, host } = found
  return {
    url: [...url],
    email: [...email],
    hash: [...hash],
    cve: [...cve],
    attack: [...attack],
    ipv6: [...ipv6],
    ipv4: [...ipv4],
    path: [...path],
    domain: [...domain],
    account: [...account],
    host: [...host],
  }
}

type Found = Record<IndicatorKind, Set<string>>

/** Returns the text with blanks in place of the found indicators, so that a later rule does not match them again. */
function takeByRules(found: Found, rules: Rule[], text: string): string {
  let remainingText = text
  for (const { kind, pattern, accept } of rules) {
    const searched = remainingText
    remainingText = searched.replace(pattern, (match: string, ...groups) => {
      const offset: number = groups.at(-2) // The last two arguments are the offset and the whole text.
      const end = offset + match.length
      const value = trimPunctuation(match, searched[offset - 1] === '*')
      // A mark such as ⟨U+200B⟩ stands for a hidden character. A name with a mark is no indicator, nor is a part of it.
      if (/[⟨⟩]/.test(searched.slice(Math.max(0, offset - 1), end + 1))) return ' '.repeat(match.length)
      if (value === '' || (accept && !accept(value))) return match
      found[kind].add(value)
      return ' '.repeat(match.length)
    })
  }
  return remainingText
}

/** Does the same as `takeByRules` for the kinds that have no rules. */
function takeIndicators(found: Found, text: string): string {
  const otherTexts: string[] = []
  let otherStart = 0
  for (const { start, end, type, value } of findIndicators(text)) {
    found[type].add(value)
    otherTexts.push(text.slice(otherStart, start), ' '.repeat(end - start))
    otherStart = end
  }
  return otherTexts.join('') + text.slice(otherStart)
}

const END_PUNCTUATION = ".,;:!?)]}'*"

/**
 * Removes the punctuation at the end. It uses no pattern, because a pattern would start a search at each dot of a long
 * run of dots.
 */
function trimPunctuation(text: string, isEmphasized: boolean): string {
  let end = text.length
  while (end > 0 && END_PUNCTUATION.includes(text.charAt(end - 1))) {
    if (!isEmphasized && text.charAt(end) !== '*' && GLOB_END.test(text.slice(Math.max(0, end - 3), end))) break
    end -= 1
  }
  return text.slice(0, end)
}

/** Matches the asterisks of a glob, as in `/tmp/**` or `a.*`. Two asterisks after a name end bold text instead. */
const GLOB_END = /[\\/]\*\*$|(?<!\*)\*$/

/** Adds the host of a URL, which a firewall or a resolver can block, even if the name looks like a file's. */
function addHost(found: Found, host: string): void {
  const address = host.replace(/^\[|\]$/g, '')
  if (isIPv4(address)) found.ipv4.add(address)
  else if (isIPv6(address)) found.ipv6.add(address)
  else if (isDomain(address, { isSurelyHost: true })) found.domain.add(address)
}
