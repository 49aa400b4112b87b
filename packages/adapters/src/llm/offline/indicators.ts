import { isIPv4, isIPv6 } from 'node:net'
import { isDomain, isHostName } from './host-names.ts'

export const KINDS = ['url', 'email', 'hash', 'cve', 'ipv6', 'ipv4', 'path', 'domain', 'account', 'host'] as const
export type Kind = (typeof KINDS)[number]
export type Indicators = Record<Kind, string[]>

/** Converts `hxxps[:]//evil[.]example` back to the address that it stands for. */
function refangText(text: string): string {
  return text
    .replace(/\bhxxp/gi, 'http')
    .replace(/\[:\/\/\]/g, '://')
    .replace(/\[:\]/g, ':')
    .replace(/\[\/\]/g, '/')
    .replace(/\s?[[({](?:\.|dot)[\])}]\s?/gi, '.')
    .replace(/\s?[[({](?:@|at)[\])}]\s?/gi, '@')
    .replace(/(?<=\w)[[({]\.(?=\w)|(?<=\w)\.[\])}](?=\w)/g, '.')
}

interface Rule {
  kind: Kind
  pattern: RegExp
  accept?: (match: string) => boolean
  normal?: (match: string) => string
}

const toLowerCase = (text: string) => text.toLowerCase()
const LABELS = '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,24}'

/** The order matters: a later rule doesn't see what an earlier rule has taken. */
const RULES: Rule[] = [
  {
    kind: 'url',
    pattern: /\b(?:https?|ftp|wss?):\/\/[^\s<>"'`|\\^{}，。；：、！？（）【】《》「」『』“”‘’]+/gi,
    accept: URL.canParse,
  },
  { kind: 'email', pattern: new RegExp(`(?<![\\w.+-])[\\w.+-]{1,64}@${LABELS}(?![\\w-])`, 'gi'), normal: toLowerCase },
  { kind: 'hash', pattern: /\b(?:[a-f0-9]{128}|[a-f0-9]{64}|[a-f0-9]{40}|[a-f0-9]{32})\b/gi, normal: toLowerCase },
  { kind: 'cve', pattern: /\bCVE-\d{4}-\d{4,7}\b/gi, normal: (cve) => cve.toUpperCase() },
  {
    kind: 'path',
    pattern:
      /(?:\b[a-z]:|%\w+%|\bHK(?:LM|CU|CR|U|EY_\w+)|\\\\[\w.$-]+)\\(?:(?:(?![.,;] )[^\\/:*?"<>|\r\n`]){1,64}\\)*[^\\/:*?"<>|\r\n`\s,;，。；、）]+/gi,
  },
  {
    kind: 'path',
    pattern:
      /(?<![\w/.:])\/(?:etc|usr|var|tmp|home|opt|root|s?bin|dev|proc|srv|mnt|lib\d*|run|boot|Users|Library|private)(?:\/[\w.+@~-]+)+/g,
  },
  {
    kind: 'ipv6',
    pattern: /(?<![\w:.])[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*/gi,
    accept: (text) => text.length > 2 && isIPv6(text),
    normal: toLowerCase,
  },
  { kind: 'ipv4', pattern: /(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)/g, accept: isIPv4 },
  { kind: 'account', pattern: /\b[A-Z][A-Z0-9-]{1,14}\\[A-Za-z][\w.$-]*/g },
  {
    kind: 'domain',
    pattern: new RegExp(`(?<![\\w@.\\\\/-])${LABELS}(?![\\w-])`, 'gi'),
    accept: isDomain,
    normal: toLowerCase,
  },
  {
    kind: 'host',
    pattern:
      /(?<![\w-])(?:[A-Z][A-Z0-9]{0,30}(?:-[A-Z0-9]{1,30}){1,6}|[a-z][a-z0-9]{0,30}(?:-[a-z0-9]{1,30}){0,6}-[a-z]{0,30}\d{1,4})(?![\w-])/g,
    accept: isHostName,
  },
]

/** Finds each indicator once, in the order of appearance. It takes refanged text. */
export function extractIndicators(text: string): Indicators {
  const found = Object.fromEntries(KINDS.map((kind) => [kind, new Set<string>()])) as Record<Kind, Set<string>>
  let rest = refangText(text)
  for (const { kind, pattern, accept, normal } of RULES) {
    rest = rest.replace(pattern, (match) => {
      const value = trimPunctuation(match)
      if (value === '' || (accept && !accept(value))) return match
      found[kind].add(normal ? normal(value) : value)
      return ' '.repeat(match.length)
    })
  }
  for (const url of found.url) addHost(found, new URL(url).hostname)
  return Object.fromEntries(KINDS.map((kind) => [kind, [...found[kind]]])) as Indicators
}

const ENDING = ".,;:!?)]}'*"

/**
 * Removes the punctuation at the end. It reads from the end, because a pattern would begin anew at each dot of a long run.
 */
function trimPunctuation(text: string): string {
  let end = text.length
  while (end > 0 && ENDING.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** Returns what a firewall or a resolver can block of a URL. */
function addHost(found: Record<Kind, Set<string>>, host: string): void {
  const address = host.replace(/^\[|\]$/g, '')
  if (isIPv4(address)) found.ipv4.add(address)
  else if (isIPv6(address)) found.ipv6.add(address)
  else if (isDomain(address)) found.domain.add(address)
}
