import t from 'tap'
import { PIECE_RELEVANCE_LIMITS, rankEntries, restrictToEntries, type TermPostings } from '../../src/ranking/index.ts'

interface Posting {
  entry: number
  frequency?: number
  length?: number
}

const createWordPostings = (...postings: Posting[]): TermPostings => createPostings('word', postings)
const createPostings = (term: string, postings: Posting[]): TermPostings => ({
  term,
  count: postings.length,
  forEach(visit) {
    for (const { entry, frequency = 1, length = 10 } of postings) visit(entry, frequency, length)
  },
})
const STATS = { entryCount: 100, totalLength: 1_000 }
const SIXTY_ENTRIES = Array.from({ length: 60 }, (_, entry) => ({ entry }))
/** These words are in entry 1, in no entry, and in three entries. */
const IN_ONE_ENTRY = createWordPostings({ entry: 1 })
const IN_NO_ENTRY = createWordPostings()
const IN_THREE_ENTRIES = createWordPostings({ entry: 1 }, { entry: 2 }, { entry: 3 })

t.test('[RANK7] an entry’s score is that of BM25', async (t) => {
  const [best] = rankEntries(STATS, [createWordPostings({ entry: 1, frequency: 3, length: 20 }, { entry: 2 })], 1)
  const weight = Math.log(1 + (100 - 2 + 0.5) / (2 + 0.5))
  const expected = (weight * 3 * 2.2) / (3 + 1.2 * (0.25 + 0.75 * 2))
  t.equal(best?.entry, 1)
  t.ok(Math.abs((best?.score ?? 0) - expected) < 1e-9, `${best?.score} is ${expected}`)
})

t.test('[RANK7] a rare term counts more than a frequent one, a short entry more than a long one', async (t) => {
  const ranked = rankEntries(STATS, [createWordPostings(...SIXTY_ENTRIES), createWordPostings({ entry: 70 })], 2)
  t.equal(ranked[0]?.entry, 70)
  t.ok((ranked[0]?.score ?? 0) > (ranked[1]?.score ?? 0))
  const shortFirst = rankEntries(STATS, [createWordPostings({ entry: 1, length: 50 }, { entry: 2, length: 5 })], 10)
  t.same(
    shortFirst.map(({ entry }) => entry),
    [2, 1],
  )
})

t.test('[RANK7] of equal entries the newest comes first', async (t) => {
  const ranked = rankEntries(STATS, [createWordPostings({ entry: 1 }, { entry: 3 }, { entry: 2 })], 2)
  t.same(
    ranked.map(({ entry }) => entry),
    [3, 2],
  )
})

t.test(
  '[RANK7] a term that only one entry contains has the relevance 1, and terms that the entry lacks lower it',
  async (t) => {
    const measureRelevance = (...terms: TermPostings[]) => rankEntries(STATS, terms, 1)[0]?.relevance ?? 0
    t.ok(Math.abs(measureRelevance(IN_ONE_ENTRY) - 1) < 1e-9)
    t.ok(measureRelevance(IN_ONE_ENTRY, IN_NO_ENTRY) < 0.5)
    t.ok(Math.abs(measureRelevance(IN_ONE_ENTRY, IN_ONE_ENTRY) - 2) < 1e-9, 'an entry with more terms is more relevant')
    t.same(rankEntries(STATS, [IN_NO_ENTRY], 1), [])
    t.same(rankEntries(STATS, [], 1), [])
  },
)

t.test('[RANK7] in a small scope, a term that all entries contain still counts', async (t) => {
  const threeEntries = { entryCount: 3, totalLength: 30 }
  t.equal(rankEntries(threeEntries, [IN_THREE_ENTRIES], 10, PIECE_RELEVANCE_LIMITS).length, 3)
  t.same(rankEntries(threeEntries, [IN_THREE_ENTRIES, IN_NO_ENTRY], 10, PIECE_RELEVANCE_LIMITS), [])
})

t.test('[RANK7] a pair of characters that no entry contains counts half, a word counts fully', async (t) => {
  const [withPair] = rankEntries(STATS, [IN_ONE_ENTRY, createPostings('征移', [])], 1)
  const [withWord] = rankEntries(STATS, [IN_ONE_ENTRY, createPostings('proxmark', [])], 1)
  t.ok((withPair?.relevance ?? 0) > (withWord?.relevance ?? 0) * 1.2)
})

t.test(
  '[RANK7] no piece fits if the best piece has too few terms, and a piece with fewer terms may fit beside a good one',
  async (t) => {
    const listPieces = (...terms: TermPostings[]) =>
      rankEntries(STATS, terms, 10, PIECE_RELEVANCE_LIMITS).map(({ entry }) => entry)
    t.same(listPieces(IN_ONE_ENTRY), [1])
    t.same(listPieces(IN_ONE_ENTRY, IN_NO_ENTRY), [], 'the best piece has only half of the query')
    t.same(
      rankEntries(STATS, [IN_ONE_ENTRY, IN_NO_ENTRY], 10).map(({ entry }) => entry),
      [1],
      'as a message it fits',
    )
    t.same(listPieces(IN_ONE_ENTRY, IN_THREE_ENTRIES), [1, 3, 2])
    const fourTerms = [IN_ONE_ENTRY, IN_ONE_ENTRY, IN_ONE_ENTRY, IN_THREE_ENTRIES]
    t.same(listPieces(...fourTerms), [1], 'the others have one of four terms')
  },
)

t.test('[RANK7] the best entries come first, however many there are', async (t) => {
  const entries = Array.from({ length: 200 }, (_, entry) => ({ entry, frequency: 1 + ((entry * 37) % 50) }))
  const byFrequency = entries.toSorted((one, other) => other.frequency - one.frequency || other.entry - one.entry)
  const ranked = rankEntries({ entryCount: 200, totalLength: 2_000 }, [createWordPostings(...entries)], 20)
  t.same(
    ranked.map(({ entry }) => entry),
    byFrequency.slice(0, 20).map(({ entry }) => entry),
  )
  t.same(rankEntries(STATS, [createWordPostings({ entry: 1 })], 0), [])
})

t.test('[RANK11] a term of an earlier question adds to the score by its weight', async (t) => {
  const computeScore = (...terms: TermPostings[]) => rankEntries(STATS, terms, 1)[0]?.score ?? 0
  const earlierTerm = { ...IN_ONE_ENTRY, questionWeight: 0.5 }
  t.ok(Math.abs(computeScore(earlierTerm) - computeScore(IN_ONE_ENTRY) / 2) < 1e-9)
  const { stats, terms } = restrictToEntries([earlierTerm], new Set([1]))
  t.equal(terms[0]?.questionWeight, 0.5)
  t.equal(stats.entryCount, 1)
})

t.test(
  '[RANK11] a piece with all terms of the question fits as well with earlier questions as without them',
  async (t) => {
    const questionTerms = [IN_ONE_ENTRY, IN_ONE_ENTRY]
    const otherTerms = [createWordPostings({ entry: 2 }), createWordPostings({ entry: 3 })]
    const earlierTerms = otherTerms.map((term) => ({ ...term, questionWeight: 0.5 }))
    const findBest = (terms: TermPostings[]) => rankEntries(STATS, terms, 1)[0]
    t.same(findBest([...questionTerms, ...earlierTerms]), findBest(questionTerms))
    t.equal(findBest(questionTerms)?.entry, 1)
  },
)
