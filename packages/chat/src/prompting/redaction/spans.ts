import { isAllowedInLinks, type SecretKind, type SecretRule } from './rules/rule.ts'
import { createViews, toOriginalSpan, toWholeEscapes, type View } from './views.ts'
import { createWordFinder, type WordFinder } from './word-finder.ts'

/** Holds a secret's position in the original text, not in a view of it; `end` is exclusive. */
export interface Span {
  start: number
  end: number
  kind: SecretKind
}

/** Holds the result of one search, so that values from other texts can be searched in the same views. */
export interface SearchedText {
  views: View[]
  spans: Span[]
  /** Lists the found values as the views read them. */
  foundValues: Array<{ value: string; kind: SecretKind }>
}

export type SecretSearch = (text: string) => SearchedText

/** Creates a search for secrets. Spans may overlap. A rule with keywords runs only if the text has one of them. */
export function createSecretSearch(rules: readonly SecretRule[]): SecretSearch {
  const findRules = createRuleFilter(rules)
  return (text) => {
    const views = createViews(text)
    const searched: SearchedText = { views, spans: [], foundValues: [] }
    for (const view of views) {
      for (const rule of findRules(view.text)) {
        for (const { start, end, kind = rule.kind } of rule.find(view.text)) {
          searched.spans.push({ ...toOriginalSpan(view, start, end), kind })
          searched.foundValues.push({ value: view.text.slice(start, end), kind })
        }
      }
    }
    return searched
  }
}

/**
 * Finds the words of the finder, which are known secrets, in every view of the text. `lengths` holds the length of each
 * word. The spans have the kind PASSWORD, even if another rule found the secret.
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
 * Merges overlapping spans, so that no rule shortens what another rule finds. A merged span has the kind of the
 * first one that must not be in a link, or else of the first one. No escape is cut in two.
 */
export function mergeSpans({ views }: SearchedText, spans: Span[]): Span[] {
  const decoded = views.at(-1) // The last view is the one without escapes.
  const merged: Span[] = []
  const sorted = spans.map((span) => (decoded ? toWholeEscapes(span, decoded) : span)).sort((a, b) => a.start - b.start)
  for (const span of sorted) {
    const last = merged.at(-1)
    if (last && span.start < last.end) {
      last.end = Math.max(last.end, span.end)
      if (isAllowedInLinks(last.kind) && !isAllowedInLinks(span.kind)) last.kind = span.kind
    } else merged.push(span)
  }
  return merged
}

/** Creates a function that lists the rules whose keywords are in a text, and the rules without keywords. */
function createRuleFilter(rules: readonly SecretRule[]): (text: string) => SecretRule[] {
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))]
  const finder = createWordFinder(keywords)
  // The finder reports only the longest keyword that ends at a place: `?code`, but not `code`, which is a keyword too.
  const ruleIndexesByKeyword = keywords.map((keyword) =>
    rules.flatMap((rule, index) => (rule.keywords.some((ending) => keyword.endsWith(ending)) ? [index] : [])),
  )
  const hasNoKeywords = rules.map((rule) => rule.keywords.length === 0)
  return (text) => {
    const isRuleNeeded = [...hasNoKeywords]
    const isSeen = new Uint8Array(keywords.length)
    finder.find(text.toLowerCase(), (keywordIndex) => {
      if (isSeen[keywordIndex]) return
      isSeen[keywordIndex] = 1
      for (const index of ruleIndexesByKeyword[keywordIndex] ?? []) isRuleNeeded[index] = true
    })
    return rules.filter((_, index) => isRuleNeeded[index])
  }
}
