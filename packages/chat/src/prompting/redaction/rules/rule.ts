/**
 * A placeholder contains the kind, in capitals only. `ID` means a person's identity number, such as a social security
 * number. `TEXT` means a text that only looks like a placeholder.
 */
export type SecretKind = 'KEY' | 'TOKEN' | 'PASSWORD' | 'COOKIE' | 'CARD' | 'ID' | 'PHONE' | 'MAIL' | 'TEXT'

/** Returns true for a kind whose values may be in a link of an answer. */
export const isAllowedInLinks = (kind: SecretKind): boolean => kind === 'MAIL' || kind === 'TEXT'

/** Matches a placeholder. Its number has up to nine digits, because no string is long enough for a billion secrets. */
export const PLACEHOLDER = /\[\[[A-Z]{2,8}-\d{1,9}\]\]/g
/** Matches the end of a text if it may be the beginning of a placeholder. */
export const PLACEHOLDER_START = /\[(?:\[(?:[A-Z]{0,8}|[A-Z]{2,8}-\d{0,9}|[A-Z]{2,8}-\d{1,9}\])?)?$/

export const createPlaceholder = (kind: SecretKind, number: number): string => `[[${kind}-${number}]]`

/** Marks a part of a text; `end` is exclusive. */
export interface SecretMatch {
  start: number
  end: number
  /** This is set by a rule that finds several kinds. */
  kind?: SecretKind
}

export interface SecretRule {
  id: string
  kind: SecretKind
  /**
   * A text that the rule can match contains at least one of these, in lower case. If the list is empty, the rule
   * reads every text.
   */
  keywords: readonly string[]
  find(text: string): SecretMatch[]
  /**
   * Holds templates of sample texts, such as `«ghp·_{36}»`: `expandTemplate` (`testing/sample-template.ts`) fills in
   * 36 characters and drops `·`. The rule must hide the secrets between « and ».
   */
  hiddenSamples: readonly string[]
  /** Holds templates of sample texts in which the rule must find nothing. */
  keptSamples: readonly string[]
}

/** Returns true if what a pattern matched is a secret. */
export type Accept = (secret: string, match: RegExpExecArray) => boolean

/** Creates a search that finds the secret in each match of the pattern, as `findSecretPart` does. */
export function createMatcher(pattern: RegExp, accept?: Accept): (text: string) => SecretMatch[] {
  return (text) => {
    const secrets: SecretMatch[] = []
    for (const match of text.matchAll(pattern)) {
      const part = findSecretPart(match)
      if (part && (!accept || accept(text.slice(part.start, part.end), match))) secrets.push(part)
    }
    return secrets
  }
}

/** Finds the secret right before each match of the pattern, which is cheaper than trying each word as a secret. */
export function createPrecedingMatcher(
  pattern: RegExp,
  accept: (secret: string) => boolean,
): (text: string) => SecretMatch[] {
  return (text) =>
    Array.from(text.matchAll(pattern)).flatMap(({ index }) => {
      const from = Math.max(0, index - MAX_PRECEDING_CHARACTERS)
      const lastWord = LAST_WORD.exec(text.slice(from, index))
      const secret = lastWord?.groups?.secret ?? ''
      if (!lastWord || !accept(secret)) return []
      const start = from + lastWord.index + lastWord[0].indexOf(secret)
      return [{ start, end: start + secret.length }]
    })
}

/** This is the sum of the character before a secret, its 200 characters and the two quotes after it. */
const MAX_PRECEDING_CHARACTERS = 203
/** Matches the last word of a text, without the quotes around it: `Zomer2026!` in `it was "Zomer2026!"`. */
const LAST_WORD = /(?<![^\s"'`(])(?<secret>[^\s"'`()]{6,200})["'`]{0,2}$/

/**
 * Finds the secret in a match: the group `secret`, or `double`, `single` or `tick` if the secret is in such quotes, or
 * the whole match if the pattern has no named group. If the match contains the secret's text several times, the last
 * one is found.
 */
export function findSecretPart(match: RegExpExecArray): SecretMatch | undefined {
  const { groups } = match
  const secret = groups ? (groups.secret ?? groups.double ?? groups.single ?? groups.tick) : match[0]
  if (!secret) return undefined
  const start = match.index + match[0].lastIndexOf(secret)
  return { start, end: start + secret.length }
}

/**
 * Returns a function that creates rules of this kind. Each rule finds secrets in a format that their issuer documents,
 * and that no other text has.
 */
export const createFormatRuleFactory =
  (kind: 'KEY' | 'TOKEN') =>
  (
    id: string,
    keywords: string | readonly string[],
    pattern: RegExp,
    hiddenSamples: string | readonly string[],
    accept?: Accept,
    keptSamples: readonly string[] = [],
  ): SecretRule => ({
    id,
    kind,
    keywords: typeof keywords === 'string' ? [keywords] : keywords,
    find: createMatcher(pattern, accept),
    hiddenSamples: typeof hiddenSamples === 'string' ? [hiddenSamples] : hiddenSamples,
    keptSamples,
  })
