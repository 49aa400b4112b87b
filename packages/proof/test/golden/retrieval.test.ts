import type { Stores } from '@engineer-chat/chat/stores'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import {
  evaluate,
  evaluateRooms,
  listDocumentQueries,
  type Retrieval,
  readGoldenSet,
  storeDocuments,
} from '@engineer-chat/proof/golden'
import t from 'tap'
import { openMysqlStores } from '../open-mysql-stores.ts'

const MIN_RECALL = 0.85
const MIN_NONE = 0.9
const MIN_ROOM_RECALL = 0.8
const set = readGoldenSet()

t.test('[GOLD3] the index of documents keeps the bars of the golden set', async (t) => {
  const retrieval = await evaluateDocuments(createMemoryStores())
  for (const { language, share, answered } of retrieval)
    t.ok(answered.recall >= MIN_RECALL, `${language}, ${share}: recall@5 is ${answered.recall}`)
  const none = measureNone(retrieval)
  t.ok(none >= MIN_NONE, `${none} of the queries without an answer find nothing`)
})

t.test('[GOLD3] MySQL’s index finds what memory finds', async (t) => {
  const [mysql, memory] = [await openMysqlStores(t), createMemoryStores()]
  const started = performance.now()
  t.same(await evaluateDocuments(mysql), await evaluateDocuments(memory))
  t.comment(`${Math.round(performance.now() - started)} ms`)
})

t.test('[GOLD4] the message that a question needs is found among the 315 of its room', async (t) => {
  const { en, zh } = await evaluateRooms(createMemoryStores(), set)
  t.ok(en.recall >= MIN_ROOM_RECALL, `${en.recall} of ${en.queries} English ones`)
  t.ok(zh.recall >= MIN_ROOM_RECALL, `${zh.recall} of ${zh.queries} Chinese ones`)
})

t.test('[GOLD5] the document that a question of a room needs is found, though nobody tuned with it', async (t) => {
  const retrieval = await evaluate(listDocumentQueries(set), await storeDocuments(createMemoryStores(), set.documents))
  for (const { language, answered } of retrieval.filter(({ share }) => share === 'all')) {
    t.ok(answered.queries >= 30, `${answered.queries} questions`)
    t.ok(answered.recall >= MIN_RECALL, `${language}: recall@5 is ${answered.recall}`)
  }
})

async function evaluateDocuments(stores: Stores): Promise<Retrieval[]> {
  return evaluate(set.queries, await storeDocuments(stores, set.documents))
}

function measureNone(retrieval: Retrieval[]): number {
  const stats = retrieval.filter(({ share }) => share === 'all').map(({ unanswered }) => unanswered)
  const queries = stats.reduce((sum, one) => sum + one.queries, 0)
  return stats.reduce((sum, { recall, queries }) => sum + recall * queries, 0) / queries
}
