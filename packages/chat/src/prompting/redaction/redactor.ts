import { listBase64Forms } from './base64.ts'
import { isUnlikeWord, mayBeSecret } from './checks.ts'
import { SECRET_RULES } from './rules/index.ts'
import { createPlaceholder, isAllowedInLinks, type SecretKind } from './rules/rule.ts'
import { createSecretSearch, findKnownSecrets, mergeSpans, type SearchedText, type Span } from './spans.ts'
import { createWordFinder } from './word-finder.ts'

/** Names a placeholder and the kind of secret that it replaces, without the secret. */
export interface Redaction {
  placeholder: string
  kind: SecretKind
}

/** A redactor serves the texts that are sent together: the same secret has the same placeholder in all of them. */
export interface Redactor {
  /** Redacts the part from `from` to `to`, but searches the whole text. A secret that crosses an edge is removed. */
  redact(text: string, from?: number, to?: number): string
  /** Returns the secret that a placeholder replaces, or undefined if this redactor did not create the placeholder. */
  findSecret(placeholder: string): string | undefined
  listRedactions(): Redaction[]
  /** Lists the hidden values that must not be in a link of an answer. */
  listSecrets(): string[]
}

export interface RedactionSettings {
  /** If true, the names in mail addresses are hidden. */
  isMailRedacted: boolean
}

/**
 * A shorter value is hidden only where a rule finds it. Elsewhere it may be an ordinary word. If it were hidden there,
 * a reader could guess the word from its sentence, and so the secret.
 */
const MIN_CHARACTERS_TO_FIND_AGAIN = 8
/** A value without digits and symbols that has at least this many characters is rarely an ordinary word. */
const MIN_PLAIN_WORD_CHARACTERS = 12
/** Values of these kinds are hidden only where a rule finds them. */
const KINDS_NOT_FOUND_AGAIN: SecretKind[] = ['MAIL', 'TEXT', 'COOKIE']

const searchAll = createSecretSearch(SECRET_RULES)
const searchWithoutMail = createSecretSearch(SECRET_RULES.filter(({ kind }) => kind !== 'MAIL'))

/** Searches all texts that are sent together, because a password that is named in one is hidden in all of them. */
export function createRedactor(texts: string[], settings: RedactionSettings): Redactor {
  const search = settings.isMailRedacted ? searchAll : searchWithoutMail
  const searchedTexts = new Map(texts.map((text) => [text, search(text)]))
  const findKnownSpans = createKnownSecretFinder([...searchedTexts.values()])
  const placeholders = new Map<string, string>()
  const secrets = new Map<string, Redaction & { secret: string }>()
  const secretsNotAllowedInLinks = new Set<string>()
  const counts = new Map<SecretKind, number>()

  function getPlaceholder(kind: SecretKind, secret: string): string {
    // The placeholder may have another kind: a password that was first found as the name in a mail address.
    if (!isAllowedInLinks(kind)) secretsNotAllowedInLinks.add(secret)
    const existing = placeholders.get(secret)
    if (existing) return existing
    const number = (counts.get(kind) ?? 0) + 1
    counts.set(kind, number)
    const placeholder = createPlaceholder(kind, number)
    placeholders.set(secret, placeholder)
    secrets.set(placeholder, { placeholder, kind, secret })
    return placeholder
  }

  return {
    redact(text, from = 0, to = text.length) {
      const searched = searchedTexts.get(text) ?? search(text)
      let out = ''
      let copiedTo = from
      for (const { start, end, kind } of mergeSpans(searched, [...searched.spans, ...findKnownSpans(searched)])) {
        if (end <= from) continue
        if (start >= to) break
        out += text.slice(copiedTo, start)
        if (start >= from && end <= to) out += getPlaceholder(kind, text.slice(start, end))
        copiedTo = end
      }
      return out + text.slice(copiedTo, Math.max(copiedTo, to))
    },
    findSecret: (placeholder) => secrets.get(placeholder)?.secret,
    listSecrets: () => [...secretsNotAllowedInLinks],
    listRedactions: () => [...secrets.values()].map(({ placeholder, kind }) => ({ placeholder, kind })),
  }
}

/**
 * Creates a function that searches one text for the values that were found in any text, as they are and in Base64.
 * It needs no escaped forms of them, because it also searches the text's view without escapes (`views.ts`).
 */
function createKnownSecretFinder(searchedTexts: SearchedText[]): (searched: SearchedText) => Span[] {
  const values = new Set<string>()
  for (const { value, kind } of searchedTexts.flatMap((searched) => searched.foundValues)) {
    if (isWorthFindingAgain(value) && !KINDS_NOT_FOUND_AGAIN.includes(kind)) values.add(value)
  }
  if (values.size === 0) return () => []
  const forms = [...values, ...[...values].flatMap(listBase64Forms)]
  const finder = createWordFinder(forms)
  const lengths = forms.map(({ length }) => length)
  return (searched) => findKnownSecrets(searched, finder, lengths)
}

/** Returns false for a short value and a plain word: `user:password@host` does not make every "password" a secret. */
const isWorthFindingAgain = (value: string): boolean =>
  value.length >= MIN_CHARACTERS_TO_FIND_AGAIN &&
  mayBeSecret(value) &&
  (isUnlikeWord(value) || value.length >= MIN_PLAIN_WORD_CHARACTERS)
