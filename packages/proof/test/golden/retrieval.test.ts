import type { Stores } from '@engineer-chat/chat/stores'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import {
  createFollowUpQuery,
  createSearch,
  type DocumentStats,
  evaluateDocuments,
  evaluateEvents,
  evaluateRooms,
  listDocumentQueries,
  readGoldenSet,
  type Search,
  storeDocuments,
  toFollowUpQuery,
  toQueryAfterAnotherTopic,
} from '@engineer-chat/proof/golden'
import t from 'tap'
import { openMysqlStores } from '../open-mysql-stores.ts'

const MIN_RECALL = 0.85
const MIN_EMPTY_SHARE = 0.9
const MIN_ROOM_RECALL = 0.8
const MIN_PRECISION = 0.9
const MIN_SIMILAR_RECALL = 0.6
const goldenSet = readGoldenSet()

t.test('[GOLD3] documents that answer a query are found, and queries without an answer find nothing', async (t) => {
  const retrieval = await evaluateGoldenDocuments(createMemoryStores())
  for (const { language, subset, answered } of retrieval)
    t.ok(answered.recall >= MIN_RECALL, `${language}, ${subset}: recall@5 is ${answered.recall}`)
  const emptyShare = measureEmptyShare(retrieval)
  t.ok(emptyShare >= MIN_EMPTY_SHARE, `${emptyShare} of the queries without an answer find nothing`)
})

t.test('[GOLD3] MySQL’s index finds the same documents as the memory fake', async (t) => {
  const [mysql, memory] = [await openMysqlStores(t), createMemoryStores()]
  const startedAtMs = performance.now()
  t.same(await evaluateGoldenDocuments(mysql), await evaluateGoldenDocuments(memory))
  t.comment(`${Math.round(performance.now() - startedAtMs)} ms`)
})

t.test('[GOLD4] the message that a question needs is found among the 315 of its room', async (t) => {
  const { en, zh } = await evaluateRooms(createMemoryStores(), goldenSet)
  t.ok(en.recall >= MIN_ROOM_RECALL, `${en.recall} of ${en.queries} English questions`)
  t.ok(zh.recall >= MIN_ROOM_RECALL, `${zh.recall} of ${zh.queries} Chinese questions`)
})

t.test(
  '[GOLD5] the document that a question of a room needs is found, though ranking was not tuned with it',
  async (t) => {
    const retrieval = await evaluateDocuments(
      listDocumentQueries(goldenSet),
      await fillAndCreateSearch(createMemoryStores()),
    )
    // Only the subset `all` is valid for these queries.
    for (const { language, answered } of retrieval.filter(({ subset }) => subset === 'all')) {
      t.ok(answered.queries >= 30, `${answered.queries} questions`)
      t.ok(answered.recall >= MIN_RECALL, `${language}: recall@5 is ${answered.recall}`)
    }
  },
)

t.test('[GOLD6] a short follow-up question finds what the question before it needs', async (t) => {
  const { en, zh } = await evaluateRooms(createMemoryStores(), goldenSet, toFollowUpQuery)
  t.ok(en.recall >= MIN_ROOM_RECALL, `${en.recall} of ${en.queries} English questions`)
  t.ok(zh.recall >= MIN_ROOM_RECALL, `${zh.recall} of ${zh.queries} Chinese questions`)
  const search = await fillAndCreateSearch(createMemoryStores())
  for (const language of ['en', 'zh'] as const) {
    let queryIndex = 0
    const queries = listDocumentQueries(goldenSet).filter((query) => query.language === language)
    const results = await evaluateDocuments(queries, (text) => {
      const followUp = createFollowUpQuery(language, text, queryIndex++)
      return search(followUp.text, followUp.earlier)
    })
    const recall =
      results.find((result) => result.language === language && result.subset === 'all')?.answered.recall ?? 0
    t.ok(recall >= MIN_RECALL, `${language}: ${recall} of the documents`)
  }
})

t.test('[GOLD6] a question that follows a question about another topic finds what it needs', async (t) => {
  const { en, zh } = await evaluateRooms(createMemoryStores(), goldenSet, toQueryAfterAnotherTopic)
  t.ok(en.recall >= MIN_ROOM_RECALL, `${en.recall} of ${en.queries} English questions`)
  t.ok(zh.recall >= MIN_ROOM_RECALL, `${zh.recall} of ${zh.queries} Chinese questions`)
})

t.test(
  '[GOLD7] in both languages, 90 % of the events that the list of similar events contains only because of their text belong to the event’s group',
  async (t) => {
    const stats = await evaluateEvents(createMemoryStores(), goldenSet.events)
    for (const { language, precision, textRecall, indicatorRecall } of stats) {
      t.ok(
        precision >= MIN_PRECISION,
        `${language}: ${precision} of the events that are listed only because of their text belong to the event’s group`,
      )
      t.ok(textRecall >= MIN_SIMILAR_RECALL, `${language}: ${textRecall} of the similar events are listed`)
      t.equal(indicatorRecall, 1, `${language}: all events that share an indicator are listed`)
    }
  },
)

async function evaluateGoldenDocuments(stores: Stores): Promise<DocumentStats[]> {
  return evaluateDocuments(goldenSet.queries, await fillAndCreateSearch(stores))
}

async function fillAndCreateSearch(stores: Stores): Promise<Search> {
  await storeDocuments(stores, goldenSet.documents)
  return createSearch(stores)
}

/** Returns the share of the queries without an answer that find nothing, in both languages together. */
function measureEmptyShare(retrieval: DocumentStats[]): number {
  const stats = retrieval.filter(({ subset }) => subset === 'all').map(({ unanswered }) => unanswered)
  const queryCount = stats.reduce((sum, { queries }) => sum + queries, 0)
  return stats.reduce((sum, { emptyShare, queries }) => sum + emptyShare * queries, 0) / queryCount
}
