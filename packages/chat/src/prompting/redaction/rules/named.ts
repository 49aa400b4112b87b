import { findNames, NAME_KEYWORDS, type NameClass, type SecretName } from './names.ts'
import { findSecretPart, type SecretKind, type SecretMatch, type SecretRule } from './rule.ts'
import { SPOKEN_VALUES } from './spoken-values.ts'
import type { ValuePattern } from './value-pattern.ts'
import { WRITTEN_VALUES } from './written-values.ts'

const VALUE_PATTERNS: readonly ValuePattern[] = [...WRITTEN_VALUES, ...SPOKEN_VALUES]

const KINDS: Record<NameClass, SecretKind> = { password: 'PASSWORD', secret: 'PASSWORD', session: 'COOKIE', key: 'KEY' }
/** A pattern may check this many characters before a name. */
const MAX_PRECEDING_CHARACTERS = 60

function findNamedValues(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  for (const name of findNames(text)) {
    const before = text.slice(Math.max(0, name.start - MAX_PRECEDING_CHARACTERS), name.start)
    for (const valuePattern of VALUE_PATTERNS) {
      const part = matchValue(text, name, before, valuePattern)
      if (part) secrets.push({ ...part, kind: KINDS[name.class] })
    }
  }
  return secrets
}

function matchValue(
  text: string,
  name: SecretName,
  before: string,
  { pattern, accept, before: expectedBefore }: ValuePattern,
): SecretMatch | undefined {
  if (expectedBefore && !expectedBefore.test(before)) return undefined
  pattern.lastIndex = name.end
  const match = pattern.exec(text)
  const part = match && findSecretPart(match)
  if (!part) return undefined
  const secret = text.slice(part.start, part.end)
  const after = text.slice(part.end, part.end + MAX_SEPARATOR_CHARACTERS)
  if (!accept(secret, name) || NEXT_ASSIGNMENT.test(after)) return undefined
  return { start: part.start, end: part.start + cutSentenceEnd(secret).length }
}

/**
 * Matches a separator after a supposed secret, which shows that the supposed secret is itself a name: `server` in
 * `reason = Invalid password : server = 192.0.2.1`.
 */
const NEXT_ASSIGNMENT = /^[ \t]{1,3}[=:][ \t]/
const MAX_SEPARATOR_CHARACTERS = 5

/** Removes from the secret's end a punctuation mark of the sentence, or a bracket that opened before the secret. */
function cutSentenceEnd(secret: string): string {
  const end = /(?:\*\*|[.,;:*]|[)\]}]+[.,;]?)$/.exec(secret)
  if (!end || end.index < 3) return secret
  return /[([{]/.test(secret) && /[)\]}]/.test(end[0]) ? secret : secret.slice(0, end.index)
}

/** This rule tries each pattern at each name of a secret in a text. */
export const NAMED_VALUE_RULE: SecretRule = {
  id: 'named',
  kind: 'PASSWORD',
  keywords: NAME_KEYWORDS,
  find: findNamedValues,
  hiddenSamples: VALUE_PATTERNS.flatMap(({ hiddenSamples }) => hiddenSamples),
  keptSamples: VALUE_PATTERNS.flatMap(({ keptSamples }) => keptSamples),
}
