import { findNames, NAME_KEYWORDS, type NameClass, type SecretName } from './names.ts'
import { findSecretPart, type SecretKind, type SecretMatch, type SecretRule } from './rule.ts'
import { SPOKEN_VALUES } from './spoken-values.ts'
import type { ValuePattern } from './value-pattern.ts'
import { WRITTEN_VALUES } from './written-values.ts'

const VALUE_PATTERNS: readonly ValuePattern[] = [...WRITTEN_VALUES, ...SPOKEN_VALUES]

const KINDS: Record<NameClass, SecretKind> = { password: 'PASSWORD', secret: 'PASSWORD', session: 'COOKIE', key: 'KEY' }
/** The `before` of a value pattern is tested against at most this many characters, which come right before the name. */
const MAX_PRECEDING_CHARACTERS = 60

function findNamedValues(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  for (const name of findNames(text)) {
    const precedingText = text.slice(Math.max(0, name.start - MAX_PRECEDING_CHARACTERS), name.start)
    for (const valuePattern of VALUE_PATTERNS) {
      const secret = findValue(text, name, precedingText, valuePattern)
      if (secret) secrets.push({ ...secret, kind: KINDS[name.class] })
    }
  }
  return secrets
}

/** Finds the secret value of a name, or returns undefined if the value pattern does not match or accept the value. */
function findValue(
  text: string,
  name: SecretName,
  precedingText: string,
  { pattern, accept, before }: ValuePattern,
): SecretMatch | undefined {
  if (before && !before.test(precedingText)) return undefined
  pattern.lastIndex = name.end
  const match = pattern.exec(text)
  const part = match && findSecretPart(match)
  if (!part) return undefined
  const written = text.slice(part.start, part.end)
  const value = IN_LINK_TEXT.test(precedingText) ? cutLinkAddress(written) : written
  const followingText = text.slice(part.end, part.end + MAX_SEPARATOR_CHARACTERS)
  if (!accept(value, name) || BEGINS_WITH_SEPARATOR.test(followingText)) return undefined
  return { start: part.start, end: part.start + cutSentenceEnd(value).length }
}

/** Matches the text before a name that is in the text of a link: `[Password Cracking](https://x.example/1)`. */
const IN_LINK_TEXT = /\[[^\]\n]*$/
/** Removes the address of a link, if the value ends with the link's text. */
const cutLinkAddress = (value: string): string => value.split('](', 1)[0] ?? value

/**
 * Matches `=` or `:` between blanks. If it follows a value, the value is not a secret but the name of the next value:
 * `server` in `reason = Invalid password : server = 192.0.2.1`.
 */
const BEGINS_WITH_SEPARATOR = /^[ \t]{1,3}[=:][ \t]/
/** This is the sum of three blanks, the separator and one more blank. */
const MAX_SEPARATOR_CHARACTERS = 5

/**
 * Removes from the end of a value what belongs to the text around it: a punctuation mark, `**` or closing brackets.
 * Closing brackets stay if the value itself has an opening bracket. Nothing is removed if fewer than three characters
 * would remain.
 */
function cutSentenceEnd(value: string): string {
  const ending = /(?:\*\*|[.,;:*]|[)\]}]+[.,;]?)$/.exec(value)
  if (!ending || ending.index < 3) return value
  return /[([{]/.test(value) && /[)\]}]/.test(ending[0]) ? value : value.slice(0, ending.index)
}

/** This rule tries each value pattern after each name of a secret in a text. */
export const NAMED_VALUE_RULE: SecretRule = {
  id: 'named',
  kind: 'PASSWORD',
  keywords: NAME_KEYWORDS,
  find: findNamedValues,
  hiddenSamples: VALUE_PATTERNS.flatMap(({ hiddenSamples }) => hiddenSamples),
  keptSamples: VALUE_PATTERNS.flatMap(({ keptSamples }) => keptSamples),
}
