import { type FoundSecret, leaveOutJoinedLines } from './line-joints.ts'
import { NAMED_VALUE_RULE } from './rules/named.ts'
import { isAllowedInLinks, type SecretKind, type SecretRule } from './rules/rule.ts'
import { toOriginalSpan, toWholeEscapes, type View } from './view.ts'
import { createViews } from './views.ts'
import { createWordFinder, type WordFinder } from './word-finder.ts'

/** Holds a secret's position in the original text, not in a view of it; `end` is exclusive. */
export interface Span {
  start: number
  end: number
  kind: SecretKind
}

/** Holds the result of a search of one text. The views are kept to search them for values from other texts as well. */
export interface SearchedText {
  views: View[]
  spans: Span[]
  /** Lists the found values, each as it is written in the view in which a rule found it. */
  foundValues: Array<{ value: string; kind: SecretKind }>
}

export type SecretSearch = (text: string) => SearchedText

/** Creates a search for secrets. Its spans may overlap. A rule with keywords reads only views that have one of them. */
export function createSecretSearch(rules: readonly SecretRule[]): SecretSearch {
  const selectRules = createRuleSelector(rules)
  return (text) => {
    const views = createViews(text)
    const found: FoundSecret[] = []
    for (const view of views) {
      for (const rule of selectRules(view.text)) {
        for (const { start, end, kind = rule.kind } of rule.find(view.text)) {
          const original = toOriginalSpan(view, start, end)
          found.push({
            view,
            isNamed: rule === NAMED_VALUE_RULE,
            startInView: start,
            endInView: end,
            ...original,
            kind,
          })
        }
      }
    }
    const secrets = leaveOutJoinedLines(found)
    return {
      views,
      spans: secrets.map(({ start, end, kind }) => ({ start, end, kind })),
      foundValues: secrets.map(({ view, startInView, endInView, kind }) => ({
        value: view.text.slice(startInView, endInView),
        kind,
      })),
    }
  }
}

/**
 * Finds known secrets in every view of the text. They are the words of the finder; `lengths` holds the length of each
 * word. The spans have the kind PASSWORD, even if the rule that found the secret first has another kind.
 */
export function findKnownSecrets({ views }: SearchedText, finder: WordFinder, lengths: readonly number[]): Span[] {
  return views.flatMap((view) => {
    const spans: Span[] = []
    finder.find(view.text, (wordIndex, end) => {
      spans.push({ ...toOriginalSpan(view, end - (lengths[wordIndex] ?? 0), end), kind: 'PASSWORD' })
    })
    return spans
  })
}

/**
 * Merges overlapping spans, so that no rule shortens what another rule finds. A merged span has the kind of the first
 * span whose value must not be in a link. If there is none, it has the kind of its first span. A span that would cut
 * an escape in two is grown to the whole escape.
 */
export function mergeSpans({ views }: SearchedText, spans: Span[]): Span[] {
  const decoded = views.at(-1) // If the text has escapes, they are undone in its last view.
  const merged: Span[] = []
  const sorted = spans.map((span) => (decoded ? toWholeEscapes(span, decoded) : span)).sort((a, b) => a.start - b.start)
  for (const span of sorted) {
    const last = merged.at(-1)
    if (last && span.start < last.end) {
      last.end = Math.max(last.end, span.end)
      if (isAllowedInLinks(last.kind) && !isAllowedInLinks(span.kind)) last.kind = span.kind
    } else merged.push({ ...span }) // A copy, because the lines above change the last one.
  }
  return merged
}

/** Creates a function that selects the rules for a text: those with a keyword in it, and those without keywords. */
function createRuleSelector(rules: readonly SecretRule[]): (text: string) => SecretRule[] {
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))]
  const finder = createWordFinder(keywords)
  // If several keywords end at one place, the finder reports only the longest: `?code`, but not `code`. So the rules of
  // `code` also belong to `?code`.
  const ruleIndexesByKeyword = keywords.map((keyword) =>
    rules.flatMap((rule, index) => (rule.keywords.some((ending) => keyword.endsWith(ending)) ? [index] : [])),
  )
  const alwaysNeeded = rules.map((rule) => rule.keywords.length === 0)
  return (text) => {
    const neededRules = [...alwaysNeeded]
    const seenKeywords = new Uint8Array(keywords.length)
    finder.find(text.toLowerCase(), (keywordIndex) => {
      if (seenKeywords[keywordIndex]) return
      seenKeywords[keywordIndex] = 1
      for (const index of ruleIndexesByKeyword[keywordIndex] ?? []) neededRules[index] = true
    })
    return rules.filter((_, index) => neededRules[index])
  }
}
