/**
 * A kind of secret. It has only capitals, because a placeholder contains it: `[[KEY-1]]`. `ID` means a person's
 * identity number, such as a social security number. `TEXT` means a text that looks like a placeholder but is none.
 */
export type SecretKind = 'KEY' | 'TOKEN' | 'PASSWORD' | 'COOKIE' | 'CARD' | 'ID' | 'PHONE' | 'MAIL' | 'TEXT'

/** Returns true for a kind of secret that may be in a link of an answer. */
export const isAllowedInLinks = (kind: SecretKind): boolean => kind === 'MAIL' || kind === 'TEXT'

/** Matches a placeholder. Its number has up to nine digits, because no string is long enough for a billion secrets. */
export const PLACEHOLDER = /\[\[[A-Z]{2,8}-\d{1,9}\]\]/g
/** Matches the first characters of a placeholder at the end of a text: `[[KEY-` in `The key is [[KEY-`. */
export const PLACEHOLDER_START = /\[(?:\[(?:[A-Z]{0,8}|[A-Z]{2,8}-\d{0,9}|[A-Z]{2,8}-\d{1,9}\])?)?$/

export const createPlaceholder = (kind: SecretKind, number: number): string => `[[${kind}-${number}]]`

/** The place of a secret in a text; `end` is exclusive. */
export interface SecretMatch {
  start: number
  end: number
  /** Only a rule that finds several kinds sets this. Otherwise the secret has the rule's kind. */
  kind?: SecretKind
}

export interface SecretRule {
  id: string
  kind: SecretKind
  /**
   * Lists words in lower case. The rule searches a text only if the text contains one of them, in capitals or not. If
   * the list is empty, the rule searches every text.
   */
  keywords: readonly string[]
  find(text: string): SecretMatch[]
  /**
   * Holds templates of sample texts, such as `«ghp·_{36}»`. `expandTemplate` (`testing/sample-template.ts`) replaces
   * `{36}` by 36 characters and drops `·`. The rule must find the secrets between « and ».
   */
  hiddenSamples: readonly string[]
  /** Holds templates of sample texts in which the rule must find nothing. */
  keptSamples: readonly string[]
}

/** Returns true if the text that `findSecretPart` found in the match is really a secret. */
export type Accept = (secret: string, match: RegExpExecArray) => boolean

/**
 * Creates a function that finds the secret in each match of the pattern, as `findSecretPart` does. It leaves out what
 * `accept` does not take for a secret.
 */
export function createMatcher(pattern: RegExp, accept?: Accept): (text: string) => SecretMatch[] {
  const patternWithIndices = new RegExp(pattern, `${pattern.flags}d`)
  return (text) => {
    const secrets: SecretMatch[] = []
    for (const match of text.matchAll(patternWithIndices)) {
      const part = findSecretPart(match)
      if (part && (!accept || accept(text.slice(part.start, part.end), match))) secrets.push(part)
    }
    return secrets
  }
}

/**
 * Creates a function that finds the secret directly before each match of the pattern. This is cheaper than a pattern
 * that begins with the secret, because such a pattern is tried at each word of the text.
 */
export function createPrecedingMatcher(
  pattern: RegExp,
  accept: (secret: string) => boolean,
): (text: string) => SecretMatch[] {
  return (text) =>
    Array.from(text.matchAll(pattern)).flatMap(({ index: patternStart }) => {
      const from = Math.max(0, patternStart - MAX_PRECEDING_CHARACTERS)
      const match = LAST_WORD.exec(text.slice(from, patternStart))
      const secret = match?.groups?.secret ?? ''
      if (!match || !accept(secret)) return []
      const start = from + match.index
      return [{ start, end: start + secret.length }]
    })
}

/** `LAST_WORD` reads at most 203 characters: one before the secret, 200 of the secret and two quotes after it. */
const MAX_PRECEDING_CHARACTERS = 203
/** The group `secret` is the last word of a text, without the quotes around it: `Zomer26!` in `it was "Zomer26!"`. */
const LAST_WORD = /(?<![^\s"'`(])(?<secret>[^\s"'`()]{6,200})["'`]{0,2}$/

/**
 * Finds the secret in a match. If the pattern has no named group, the secret is the whole match. Otherwise it is the
 * group `secret`, or the group that is named after the secret's quotes: `double`, `single` or `tick`. The pattern needs
 * the flag `d`. Returns undefined if the secret is empty. A backslash at the end of a line or of the text is no
 * part of a secret: it continues the line in a shell and breaks it in Markdown.
 */
export function findSecretPart({ indices, input }: RegExpExecArray): SecretMatch | undefined {
  if (!indices) throw new Error('a pattern that finds secrets needs the flag d')
  const { groups } = indices
  const [start, end] = (groups ? (groups.secret ?? groups.double ?? groups.single ?? groups.tick) : indices[0]) ?? [
    0, 0,
  ]
  const partEnd = input[end - 1] === '\\' && (input[end] ?? '\n') === '\n' ? end - 1 : end
  return partEnd > start ? { start, end: partEnd } : undefined
}

/**
 * Returns a function that creates rules of one kind. Each rule finds secrets by their format. The issuer of the secrets
 * documents this format, and other texts do not have it.
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
