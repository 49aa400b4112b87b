/** What stands in a placeholder: capitals only. `TEXT` is text that looks like a placeholder and is none. */
export type SecretKind = 'KEY' | 'TOKEN' | 'PASSWORD' | 'COOKIE' | 'CARD' | 'ID' | 'PHONE' | 'MAIL' | 'TEXT'

/** A part of a text; `end` is exclusive. */
export interface Found {
  start: number
  end: number
  /** A rule that finds several kinds names the kind here. */
  kind?: SecretKind
}

export interface SecretRule {
  id: string
  kind: SecretKind
  /** One of them stands in each text that the rule can match, in small letters; none: the rule reads every text. */
  keywords: readonly string[]
  find(text: string): Found[]
  /** Recipes of texts in which what stands between « and » is found; `testing/recipe.ts` reads them. The tests run over all of them. */
  hides: readonly string[]
  /** Recipes of texts in which this rule finds nothing. */
  keeps: readonly string[]
}

export type Accept = (secret: string, match: RegExpExecArray) => boolean

/** Where the pattern has the group `secret`, that is what is hidden, at the last place where it stands in the match; else all of it. */
export function matching(pattern: RegExp, accept?: Accept): (text: string) => Found[] {
  return (text) => {
    const found: Found[] = []
    for (const match of text.matchAll(pattern)) {
      const part = secretPart(match)
      if (part && (!accept || accept(text.slice(part.start, part.end), match))) found.push(part)
    }
    return found
  }
}

/** Where the pattern matches, hides the secret that stands right before it: cheaper than to try each word as a secret. */
export function matchingBehind(pattern: RegExp, accept: (secret: string) => boolean): (text: string) => Found[] {
  return (text) =>
    Array.from(text.matchAll(pattern)).flatMap(({ index }) => {
      const from = Math.max(0, index - MAX_BEHIND)
      const before = LAST_WORD.exec(text.slice(from, index))
      const secret = before?.groups?.secret ?? ''
      if (!before || !accept(secret)) return []
      const start = from + before.index + before[0].indexOf(secret)
      return [{ start, end: start + secret.length }]
    })
}

const MAX_BEHIND = 204
const LAST_WORD = /(?<![^\s"'`(])(?<secret>[^\s"'`()]{6,200})["'`]{0,2}$/

export function secretPart(match: RegExpExecArray): Found | undefined {
  const { groups } = match
  const secret = groups ? (groups.secret ?? groups.quoted ?? groups.single ?? groups.tick) : match[0]
  if (!secret) return undefined
  const start = match.index + match[0].lastIndexOf(secret)
  return { start, end: start + secret.length }
}

/** Creates a rule for a format that its issuer documents, so that nothing else looks like it. */
export const format = (
  kind: 'KEY' | 'TOKEN',
  id: string,
  keywords: string | readonly string[],
  pattern: RegExp,
  hides: string | readonly string[],
  accept?: Accept,
  keeps: readonly string[] = [],
): SecretRule => ({
  ...{ id, kind, keywords: typeof keywords === 'string' ? [keywords] : keywords },
  ...{ find: matching(pattern, accept), hides: typeof hides === 'string' ? [hides] : hides, keeps },
})
