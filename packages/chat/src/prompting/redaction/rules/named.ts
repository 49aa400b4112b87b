import { findNames, NAME_KEYWORDS, type NameClass, type SecretName } from './names.ts'
import { findSecretPart, type SecretKind, type SecretMatch, type SecretRule } from './rule.ts'
import { SPOKEN_VALUES } from './spoken-values.ts'
import type { ValuePattern } from './value-pattern.ts'
import { WRITTEN_VALUES } from './written-values.ts'

const VALUE_PATTERNS: readonly ValuePattern[] = [...WRITTEN_VALUES, ...SPOKEN_VALUES]

const KINDS: Record<NameClass, SecretKind> = { password: 'PASSWORD', secret: 'PASSWORD', session: 'COOKIE', key: 'KEY' }
/** A pattern may check this many characters before a name. */
const MAX_PRECEDING_CHARACTERS = 60

function findNamed(text: string): SecretMatch[] {
  const found: SecretMatch[] = []
  for (const name of findNames(text)) {
    const before = text.slice(Math.max(0, name.start - MAX_PRECEDING_CHARACTERS), name.start)
    for (const valuePattern of VALUE_PATTERNS) {
      const part = matchValue(text, name, before, valuePattern)
      if (part) found.push({ ...part, kind: KINDS[name.class] })
    }
  }
  return found
}

function matchValue(
  text: string,
  name: SecretName,
  before: string,
  { pattern, accept, before: expected }: ValuePattern,
): SecretMatch | undefined {
  if (expected && !expected.test(before)) return undefined
  pattern.lastIndex = name.end
  const match = pattern.exec(text)
  const part = match && findSecretPart(match)
  if (!part) return undefined
  const secret = text.slice(part.start, part.end)
  if (!accept(secret, name) || NEXT_ASSIGNMENT.test(text.slice(part.end, part.end + 6))) return undefined
  return { start: part.start, end: part.start + cutSentenceEnd(secret).length }
}

/** In `reason = Invalid password : server = 192.0.2.1` the word after the name `password` is another name. */
const NEXT_ASSIGNMENT = /^[ \t]{1,3}[=:][ \t]/

/** Cuts a sentence's full stop, or a bracket that opened before the secret, from the secret's end. */
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
  find: findNamed,
  hides: VALUE_PATTERNS.flatMap(({ hides }) => hides),
  keeps: VALUE_PATTERNS.flatMap(({ keeps }) => keeps),
}
