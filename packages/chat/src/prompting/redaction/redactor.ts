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
  /**
   * Returns the part of the text from `from` to `to` (exclusive) with placeholders. The whole text is searched. If a
   * secret lies only partly within the part, its characters are left out without a placeholder.
   */
  redact(text: string, from?: number, to?: number): string
  /** Returns the secret that a placeholder replaces, or undefined if this redactor did not create the placeholder. */
  findSecret(placeholder: string): string | undefined
  /** Lists what `redact` has replaced so far. */
  listRedactions(): Redaction[]
  /** Lists those of the secrets replaced so far that must not be in a link of an answer. */
  listSecretsNotAllowedInLinks(): string[]
}

export interface RedactionSettings {
  /** If true, the names in mail addresses are hidden. */
  isMailRedacted: boolean
}

/**
 * A shorter value is hidden only where a rule finds it. In other places it may be an ordinary word. If such a word were
 * hidden, a reader could guess it from its sentence and would then know the secret.
 */
const MIN_CHARACTERS_TO_FIND_AGAIN = 8
/** A value that looks like a word (see `isUnlikeWord`) needs at least this many characters to be searched elsewhere. */
const MIN_WORD_CHARACTERS_TO_FIND_AGAIN = 12
/** Values of these kinds are hidden only where a rule finds them. */
const KINDS_NOT_FOUND_AGAIN: SecretKind[] = ['MAIL', 'TEXT', 'COOKIE']

const searchAllKinds = createSecretSearch(SECRET_RULES)
const searchAllKindsButMail = createSecretSearch(SECRET_RULES.filter(({ kind }) => kind !== 'MAIL'))

/** Searches all texts that are sent together: a secret that a rule finds in one of them is hidden in the others too. */
export function createRedactor(texts: string[], settings: RedactionSettings): Redactor {
  const search = settings.isMailRedacted ? searchAllKinds : searchAllKindsButMail
  const searchedTexts = new Map(texts.map((text) => [text, search(text)]))
  const findKnownSpans = createKnownSecretFinder([...searchedTexts.values()])
  const placeholdersBySecret = new Map<string, string>()
  const redactionsByPlaceholder = new Map<string, Redaction & { secret: string }>()
  const secretsNotAllowedInLinks = new Set<string>()
  const countsByKind = new Map<SecretKind, number>()

  function getOrCreatePlaceholder(kind: SecretKind, secret: string): string {
    // This comes first, because the secret may already have a placeholder of a kind that is allowed in links: the same
    // text was found as the name in a mail address before it was found as a password.
    if (!isAllowedInLinks(kind)) secretsNotAllowedInLinks.add(secret)
    const existing = placeholdersBySecret.get(secret)
    if (existing) return existing
    const number = (countsByKind.get(kind) ?? 0) + 1
    countsByKind.set(kind, number)
    const placeholder = createPlaceholder(kind, number)
    placeholdersBySecret.set(secret, placeholder)
    redactionsByPlaceholder.set(placeholder, { placeholder, kind, secret })
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
        if (start >= from && end <= to) out += getOrCreatePlaceholder(kind, text.slice(start, end))
        copiedTo = end
      }
      return out + text.slice(copiedTo, Math.max(copiedTo, to))
    },
    findSecret: (placeholder) => redactionsByPlaceholder.get(placeholder)?.secret,
    listSecretsNotAllowedInLinks: () => [...secretsNotAllowedInLinks],
    listRedactions: () => [...redactionsByPlaceholder.values()].map(({ placeholder, kind }) => ({ placeholder, kind })),
  }
}

/**
 * Creates a function that searches one text for the values that rules found in any of the texts. It searches for each
 * value itself and for its forms in Base64. It needs no escaped forms, because a text with escapes also has a view in
 * which they are undone (`views.ts`).
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

/**
 * Returns false for a short value, for a word that is not long, and for a text that only stands for a secret. So
 * `user:password@host` does not make every "password" a secret.
 */
const isWorthFindingAgain = (value: string): boolean =>
  value.length >= MIN_CHARACTERS_TO_FIND_AGAIN &&
  mayBeSecret(value) &&
  (isUnlikeWord(value) || value.length >= MIN_WORD_CHARACTERS_TO_FIND_AGAIN)
