import { base64Forms } from './base64.ts'
import { isSecretValue, isUnlikeWord } from './checks.ts'
import { SECRET_RULES } from './rules/index.ts'
import type { SecretKind } from './rules/rule.ts'
import { createSearch, findKnown, mergeSpans, type Searched, type Span } from './spans.ts'
import { createWordFinder } from './word-finder.ts'

/** Names a placeholder and the kind of secret behind it, without the secret. */
export interface Redaction {
  placeholder: string
  kind: SecretKind
}

/** A redactor serves one request: the same secret has the same placeholder in all its texts. */
export interface Redactor {
  /** Redacts the part from `from` to `to`, but searches the whole text. A secret across an edge is left out. */
  redact(text: string, from?: number, to?: number): string
  /** Returns the secret behind a placeholder, or undefined if this redactor did not create it. */
  findSecret(placeholder: string): string | undefined
  listRedactions(): Redaction[]
  /** Lists the hidden values, which must not leave the product by another way either. */
  listSecrets(): string[]
}

export interface RedactionSettings {
  /** If true, the names in mail addresses are hidden. */
  mail: boolean
}

/** A shorter value has other meanings elsewhere, and hiding it there too would reveal it. */
const LONG_ENOUGH = 8
const HARMLESS: SecretKind[] = ['MAIL', 'TEXT']
const ONCE: SecretKind[] = ['MAIL', 'TEXT', 'COOKIE']

const searchAll = createSearch(SECRET_RULES)
const searchWithoutMail = createSearch(SECRET_RULES.filter(({ kind }) => kind !== 'MAIL'))

/** Searches all texts of a request first, because a password that is named in one is hidden in all of them. */
export function createRedactor(texts: string[], settings: RedactionSettings): Redactor {
  const search = settings.mail ? searchAll : searchWithoutMail
  const found = new Map(texts.map((text) => [text, search(text)]))
  const findAgain = createKnownSearch([...found.values()])
  const placeholders = new Map<string, string>()
  const secrets = new Map<string, Redaction & { secret: string }>()
  const counts = new Map<SecretKind, number>()

  function placeholderFor(kind: SecretKind, secret: string): string {
    const earlier = placeholders.get(secret)
    if (earlier) return earlier
    const number = (counts.get(kind) ?? 0) + 1
    counts.set(kind, number)
    const placeholder = `[[${kind}-${number}]]`
    placeholders.set(secret, placeholder)
    secrets.set(placeholder, { placeholder, kind, secret })
    return placeholder
  }

  return {
    redact(text, from = 0, to = text.length) {
      const searched = found.get(text) ?? search(text)
      let out = ''
      let at = from
      for (const { start, end, kind } of mergeSpans(searched, [...searched.spans, ...findAgain(searched)])) {
        if (end <= from) continue
        if (start >= to) break
        out += text.slice(at, start)
        if (start >= from && end <= to) out += placeholderFor(kind, text.slice(start, end))
        at = end
      }
      return out + text.slice(at, Math.max(at, to))
    },
    findSecret: (placeholder) => secrets.get(placeholder)?.secret,
    listSecrets: () => [...secrets.values()].filter(({ kind }) => !HARMLESS.includes(kind)).map(({ secret }) => secret),
    listRedactions: () => [...secrets.values()].map(({ placeholder, kind }) => ({ placeholder, kind })),
  }
}

/**
 * Creates a search for the values that were found in any text, in each of their encoded forms. Views undo escapes;
 * Base64 is searched as it is.
 */
function createKnownSearch(all: Searched[]): (searched: Searched) => Span[] {
  const values = new Set<string>()
  for (const { value, kind } of all.flatMap((one) => one.values)) {
    if (isWorthFinding(value) && !ONCE.includes(kind)) values.add(value)
  }
  if (values.size === 0) return () => []
  const words = [...values, ...[...values].flatMap(base64Forms)]
  const finder = createWordFinder(words)
  const lengths = words.map(({ length }) => length)
  return (searched) => findKnown(searched, finder, lengths)
}

/** Returns false for a plain word: `user:password@host` does not make every "password" a secret. */
const isWorthFinding = (value: string): boolean =>
  value.length >= LONG_ENOUGH && isSecretValue(value) && (isUnlikeWord(value) || value.length >= 12)
