import type { GoldenQuery } from './types.ts'

/** Only the first documents count (recall@5), because a prompt has space for only a few. */
const COUNTED_DOCUMENTS = 5
/** Every third query is held out: it is not used to tune ranking. */
const HELD_OUT_INTERVAL = 3

/** Names the queries that a measurement includes: all, those that ranking may be tuned with, or the held-out ones. */
export type QuerySubset = 'all' | 'tuned' | 'held out'

export interface RetrievalStats {
  /** Gives the share of the needed documents or messages that are found, as a mean over queries. */
  recall: number
  queries: number
}

export interface EmptyStats {
  /** Gives the share of the queries for which nothing was found. */
  emptyShare: number
  queries: number
}

/** Holds what was measured with the queries of one language and one subset. */
export interface DocumentStats {
  language: GoldenQuery['language']
  subset: QuerySubset
  answered: RetrievalStats
  /** Measures the queries that no document answers. */
  unanswered: EmptyStats
}

/**
 * Finds the ids of documents for a question and the earlier questions of its session, the best first. An id may occur
 * several times.
 */
export type Search = (text: string, earlier?: readonly string[]) => Promise<string[]>

interface Outcome {
  query: GoldenQuery
  foundIds: string[]
  /** This is not valid for the queries of `listDocumentQueries`, because their ids do not end with three digits. */
  isHeldOut: boolean
}

export async function evaluateDocuments(queries: GoldenQuery[], search: Search): Promise<DocumentStats[]> {
  const outcomes: Outcome[] = []
  for (const query of queries) {
    const foundIds = [...new Set(await search(query.text))].slice(0, COUNTED_DOCUMENTS)
    outcomes.push({
      query,
      foundIds,
      isHeldOut: Number(query.id.slice(-3)) % HELD_OUT_INTERVAL === 0,
    })
  }
  return (['en', 'zh'] as const).flatMap((language) =>
    (['all', 'tuned', 'held out'] as const).map((subset) => {
      const selected = outcomes.filter((outcome) => outcome.query.language === language && isInSubset(outcome, subset))
      return {
        language,
        subset,
        answered: toRetrievalStats(selected.filter(({ query }) => query.documents.length > 0)),
        unanswered: toEmptyStats(selected.filter(({ query }) => query.documents.length === 0)),
      }
    }),
  )
}

function isInSubset({ isHeldOut }: Outcome, subset: QuerySubset): boolean {
  if (subset === 'all') return true
  return subset === 'held out' ? isHeldOut : !isHeldOut
}

const measureRecall = ({ query: { documents }, foundIds }: Outcome): number =>
  documents.filter((id) => foundIds.includes(id)).length / documents.length

const toRetrievalStats = (outcomes: Outcome[]): RetrievalStats => ({
  recall: outcomes.reduce((sum, outcome) => sum + measureRecall(outcome), 0) / outcomes.length,
  queries: outcomes.length,
})

const toEmptyStats = (outcomes: Outcome[]): EmptyStats => ({
  emptyShare: outcomes.filter(({ foundIds }) => foundIds.length === 0).length / outcomes.length,
  queries: outcomes.length,
})
