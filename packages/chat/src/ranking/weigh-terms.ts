import type { RankingQuery } from '../shared/index.ts'
import { listQueryTerms, listSubjectTerms, MAX_QUERY_TERMS } from './list-terms.ts'

/** A term of the previous question has this weight, a term of the question before that one the square of it. */
const EARLIER_WEIGHT = 0.5

export interface WeighedTerm {
  term: string
  /** The weight is 1 for a term of the text itself, and less for a term of an earlier question. */
  questionWeight: number
}

/**
 * Lists the different terms by which entries are ranked. If the text has no subject, as in "Why?", the terms of the
 * previous question have the weight 1.
 */
export function weighTerms({ text, earlier = [] }: RankingQuery): WeighedTerm[] {
  const subjects = [text, ...earlier].map(listSubjectTerms).filter((terms) => terms.length > 0)
  const weights = new Map<string, number>()
  for (const [index, terms] of subjects.entries()) {
    for (const term of terms) {
      if (weights.size < MAX_QUERY_TERMS && !weights.has(term)) weights.set(term, EARLIER_WEIGHT ** index)
    }
  }
  if (weights.size === 0) return listQueryTerms(text).map((term) => ({ term, questionWeight: 1 }))
  return [...weights].map(([term, questionWeight]) => ({ term, questionWeight }))
}
