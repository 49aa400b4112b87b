import type { GoldenQuery } from './types.ts'

/** Only this many documents are looked at, as a prompt has room for a few. */
const LOOKED_AT = 5
/** One query of this many is held out: nobody looks at it while ranking is tuned. */
const HELD_OUT = 3

export type Share = 'all' | 'tuned' | 'held out'

export interface RetrievalStats {
  /** Is the part of the documents that answer a query which is among the first five, as a mean over queries. */
  recall: number
  queries: number
}

export interface Retrieval {
  language: GoldenQuery['language']
  share: Share
  answered: RetrievalStats
  /** Counts a query without an answer as 1 if nothing was found for it, else as 0. */
  unanswered: RetrievalStats
}

/** Finds the ids of documents, the best first. A document may be there several times. */
export type Search = (text: string) => Promise<string[]>

interface Outcome {
  query: GoldenQuery
  recall: number
  isHeldOut: boolean
}

export async function evaluate(queries: GoldenQuery[], search: Search): Promise<Retrieval[]> {
  const outcomes: Outcome[] = []
  for (const query of queries) {
    const found = [...new Set(await search(query.text))].slice(0, LOOKED_AT)
    outcomes.push({
      query,
      recall: measureRecall(query, found),
      isHeldOut: Number(query.id.slice(-3)) % HELD_OUT === 0,
    })
  }
  return (['en', 'zh'] as const).flatMap((language) =>
    (['all', 'tuned', 'held out'] as const).map((share) => {
      const part = outcomes.filter(
        ({ query, isHeldOut }) =>
          query.language === language && (share === 'all' || isHeldOut === (share === 'held out')),
      )
      return {
        language,
        share,
        answered: toStats(part.filter(({ query }) => query.documents.length > 0)),
        unanswered: toStats(part.filter(({ query }) => query.documents.length === 0)),
      }
    }),
  )
}

function measureRecall({ documents }: GoldenQuery, found: string[]): number {
  if (documents.length === 0) return found.length === 0 ? 1 : 0
  return documents.filter((id) => found.includes(id)).length / documents.length
}

const toStats = (outcomes: Outcome[]): RetrievalStats => ({
  recall: outcomes.reduce((sum, { recall }) => sum + recall, 0) / outcomes.length,
  queries: outcomes.length,
})
