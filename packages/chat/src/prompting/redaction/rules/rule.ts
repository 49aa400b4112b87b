/** A placeholder contains the kind, in capitals only. `TEXT` means a text that only looks like a placeholder. */
export type SecretKind = 'KEY' | 'TOKEN' | 'PASSWORD' | 'COOKIE' | 'CARD' | 'ID' | 'PHONE' | 'MAIL' | 'TEXT'

/** Matches a placeholder. Its number has up to nine digits, and no string is long enough for more secrets than that. */
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
  /** Tests expect the rule to find the part between « and » in these recipes, which `testing/recipe.ts` reads. */
  hiddenSamples: readonly string[]
  /** The rule finds nothing in the texts of these recipes. */
  keptSamples: readonly string[]
}

/** Returns true if what a pattern matched is a secret. */
export type Accept = (secret: string, match: RegExpExecArray) => boolean

/**
 * Creates a search that finds the pattern's group `secret`, or the whole match if the pattern has no group. If the
 * secret's text is in the match several times, its last place counts.
 */
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

/** A secret of 200 characters, two quotes after it and the characters around both fit. */
const MAX_PRECEDING_CHARACTERS = 204
/** Matches the last word of a text, without the quotes around it: `Zomer2026!` in `it was "Zomer2026!"`. */
const LAST_WORD = /(?<![^\s"'`(])(?<secret>[^\s"'`()]{6,200})["'`]{0,2}$/

/** Finds the secret in a match: the group `secret`, or the group of the quotes that enclose it. */
export function findSecretPart(match: RegExpExecArray): SecretMatch | undefined {
  const { groups } = match
  const secret = groups ? (groups.secret ?? groups.quoted ?? groups.single ?? groups.tick) : match[0]
  if (!secret) return undefined
  const start = match.index + match[0].lastIndexOf(secret)
  return { start, end: start + secret.length }
}

/** Creates a rule for a format that its issuer documents, so nothing else looks like it. */
export const createFormatRule = (
  kind: 'KEY' | 'TOKEN',
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
