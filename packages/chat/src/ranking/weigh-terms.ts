import type { RankedText } from '../shared/index.ts'
import { listQueryTerms, listSubjectTerms, MAX_QUERY_TERMS } from './list-terms.ts'

/** A term of the question before counts by this part, and one of the question before that by its square. */
const EARLIER_WEIGHT = 0.5

export interface WeighedTerm {
  term: string
  /** The weight is 1 for a term of the text itself, and less for a term of an earlier question. */
  weight: number
}

/**
 * Lists the different terms that entries are ranked by. Of a text that says nothing itself, such as "why?", the
 * question before it counts in full.
 */
export function weighTerms({ text, earlier = [] }: RankedText): WeighedTerm[] {
  const subjects = [text, ...earlier].map(listSubjectTerms).filter((terms) => terms.length > 0)
  const weights = new Map<string, number>()
  for (const [index, terms] of subjects.entries()) {
    for (const term of terms) {
      if (weights.size < MAX_QUERY_TERMS && !weights.has(term)) weights.set(term, EARLIER_WEIGHT ** index)
    }
  }
  if (weights.size === 0) return listQueryTerms(text).map((term) => ({ term, weight: 1 }))
  return [...weights].map(([term, weight]) => ({ term, weight }))
}
