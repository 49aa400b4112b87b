import type { RankingQuery } from '../shared/index.ts'
import { listQueryTerms, listSubjectTerms, MAX_QUERY_TERMS } from './list-terms.ts'

/** The weight of a term is halved for each newer question that has a subject. */
const EARLIER_FACTOR = 0.5

export interface WeighedTerm {
  term: string
  /**
   * Is the weight of the newest question that has the term: 1 for the newest question with a subject, 1/2 for the one
   * before it, then 1/4, and so on.
   */
  questionWeight: number
}

/**
 * Lists the terms by which entries are ranked, each once. A question without a subject, such as "Why?", is skipped: the
 * question before it gets its weight. If no question has a subject, the words of the text itself are the terms.
 */
export function weighTerms({ text, earlier = [] }: RankingQuery): WeighedTerm[] {
  const termsOfQuestions = [text, ...earlier].map(listSubjectTerms).filter((terms) => terms.length > 0)
  const weights = new Map<string, number>()
  for (const [index, terms] of termsOfQuestions.entries()) {
    for (const term of terms) {
      if (weights.size < MAX_QUERY_TERMS && !weights.has(term)) weights.set(term, EARLIER_FACTOR ** index)
    }
  }
  if (weights.size === 0) return listQueryTerms(text).map((term) => ({ term, questionWeight: 1 }))
  return [...weights].map(([term, questionWeight]) => ({ term, questionWeight }))
}
