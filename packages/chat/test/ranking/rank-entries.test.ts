import t from 'tap'
import { rankEntries, type TermPostings } from '../../src/ranking/index.ts'

interface Posting {
  entry: number
  frequency?: number
  length?: number
}

const holdIn = (...postings: Posting[]): TermPostings => ({
  count: postings.length,
  forEach(visit) {
    for (const { entry, frequency = 1, length = 10 } of postings) visit(entry, frequency, length)
  },
})
const STATS = { entries: 100, totalLength: 1_000 }
const MANY = Array.from({ length: 60 }, (_, entry) => ({ entry }))

t.test('[RANK7] an entry’s score is that of BM25', async (t) => {
  const [best] = rankEntries(STATS, [holdIn({ entry: 1, frequency: 3, length: 20 }, { entry: 2 })], 1)
  const weight = Math.log(1 + (100 - 2 + 0.5) / (2 + 0.5))
  const expected = (weight * 3 * 2.2) / (3 + 1.2 * (0.25 + 0.75 * 2))
  t.equal(best?.entry, 1)
  t.ok(Math.abs((best?.score ?? 0) - expected) < 1e-9, `${best?.score} is ${expected}`)
})

t.test('[RANK7] a rare term counts more than a frequent one, a short entry more than a long one', async (t) => {
  const ranked = rankEntries(STATS, [holdIn(...MANY), holdIn({ entry: 70 })], 10)
  t.same(
    ranked.map(({ entry }) => entry),
    [70],
    'what holds only the frequent term does not fit',
  )
  const lengths = rankEntries(STATS, [holdIn({ entry: 1, length: 50 }, { entry: 2, length: 5 })], 10)
  t.same(
    lengths.map(({ entry }) => entry),
    [2, 1],
  )
})

t.test('[RANK7] of equal entries the newest comes first', async (t) => {
  const ranked = rankEntries(STATS, [holdIn({ entry: 1 }, { entry: 3 }, { entry: 2 })], 2)
  t.same(
    ranked.map(({ entry }) => entry),
    [3, 2],
  )
})

t.test('[RANK7] relevance is the share of what the terms say, and terms in no entry count', async (t) => {
  const nowhere = holdIn()
  const term = holdIn({ entry: 1 }, { entry: 2 })
  t.equal(rankEntries(STATS, [term], 1)[0]?.relevance, 1)
  const [half] = rankEntries(STATS, [term, nowhere], 1)
  t.ok(half && half.relevance > 0.25 && half.relevance < 0.5)
  t.same(rankEntries(STATS, [term, nowhere, nowhere, nowhere, nowhere], 1), [], 'too little of the query is there')
  t.same(rankEntries(STATS, [], 1), [])
})
