import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import {
  createSearch,
  type DocumentStats,
  evaluateDocuments,
  evaluateRooms,
  type GoldenQuery,
  type GoldenSet,
  listDocumentQueries,
  readGoldenSet,
  type Search,
  storeDocuments,
} from '@engineer-chat/proof/golden'
import { quantile, toRoundStats } from '../measure/quantiles.ts'
import { startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, createMinimumGoal, formatNumber } from '../report/report.ts'

const LANGUAGES = { en: 'English', zh: 'Chinese' } as const
const KINDS = ['indicator', 'keyword', 'paraphrase', 'command', 'typo'] as const satisfies Array<GoldenQuery['kind']>

/**
 * Measures which share of the fitting documents and messages ranking finds for the queries of the golden set, and how
 * long a query takes in MySQL.
 */
export async function benchRetrieval(): Promise<BenchReport> {
  const stack = await startStack()
  const mysql = openMysql(stack.mysql.url, { connectionLimit: 4 })
  try {
    await migrate(mysql)
    const set = readGoldenSet()
    const durationsMs: number[] = []
    const stores = createMysqlStores(mysql)
    await storeDocuments(stores, set.documents)
    const search = timeSearch(createSearch(stores), durationsMs)
    const retrieval = await evaluateDocuments(set.queries, search)
    const kinds: Results['kinds'] = []
    for (const kind of KINDS) {
      const queries = set.queries.filter((query) => query.kind === kind)
      kinds.push({ kind, retrieval: await evaluateDocuments(queries, search) })
    }
    // The rooms are stored in memory: MySQL finds the same messages, but takes long to store them.
    const rooms = await evaluateRooms(createMemoryStores(), set)
    const roomDocuments = await evaluateDocuments(listDocumentQueries(set), search)
    return toReport(set, { retrieval, kinds, rooms, roomDocuments, durationsMs })
  } finally {
    await mysql.close()
    await stack.stop()
  }
}

/** Wraps a search so that the time of each call is added to `durationsMs`. */
const timeSearch =
  (search: Search, durationsMs: number[]): Search =>
  async (text) => {
    const startedAtMs = performance.now()
    const results = await search(text)
    durationsMs.push(performance.now() - startedAtMs)
    return results
  }

interface Results {
  /** Holds the recall of documents for all queries, by language and subset. */
  retrieval: DocumentStats[]
  kinds: Array<{ kind: GoldenQuery['kind']; retrieval: DocumentStats[] }>
  /** Holds the recall of messages for questions in rooms. The next field holds the recall of documents for them. */
  rooms: Awaited<ReturnType<typeof evaluateRooms>>
  roomDocuments: DocumentStats[]
  durationsMs: number[]
}

function toReport(set: GoldenSet, { retrieval, kinds, rooms, roomDocuments, durationsMs }: Results): BenchReport {
  const all = retrieval.filter(({ subset }) => subset === 'all')
  // Nothing fits an unanswered query, so its result should be empty.
  const unansweredCount = all.reduce((sum, { unanswered }) => sum + unanswered.queries, 0)
  const emptyCount = all.reduce((sum, { unanswered }) => sum + unanswered.emptyShare * unanswered.queries, 0)
  const emptyShare = emptyCount / unansweredCount
  const p95Ms = quantile(durationsMs, 0.95)
  return {
    bench: 'retrieval',
    tables: [
      {
        title: `${set.queries.length} queries, ${set.documents.length} documents`,
        head: ['language', 'queries', 'recall@5', 'nothing found where nothing fits'],
        rows: retrieval.map(({ language, subset, answered, unanswered }) => [
          LANGUAGES[language],
          subset,
          `${formatNumber(answered.recall)} of ${answered.queries}`,
          `${formatNumber(unanswered.emptyShare)} of ${unanswered.queries}`,
        ]),
        notes: ['Nobody looked at the held out third of the queries while ranking was tuned.'],
      },
      {
        title: 'recall@5 by kind of query',
        head: ['', ...Object.values(LANGUAGES)],
        rows: kinds.map(({ kind, retrieval }) => [
          kind,
          ...retrieval.filter(({ subset }) => subset === 'all').map(({ answered }) => formatNumber(answered.recall)),
        ]),
      },
      {
        title:
          'recall of what a question in a room needs: messages among the first 20 of 315, documents among the first 5',
        head: ['', 'messages', 'documents'],
        rows: roomDocuments
          .filter(({ subset }) => subset === 'all')
          .map(({ language, answered }) => [
            LANGUAGES[language],
            `${formatNumber(rooms[language].recall)} of ${rooms[language].queries}`,
            `${formatNumber(answered.recall)} of ${answered.queries}`,
          ]),
        notes: [
          'Most other messages share no word with their question. A prompt also has all pins and the newest messages.',
          'Nobody has tuned ranking with the questions that need documents.',
        ],
      },
    ],
    goals: [
      ...all.map(({ language, answered }) =>
        createMinimumGoal(`recall@5, ${LANGUAGES[language]}`, 0.85, toRoundStats([answered.recall])),
      ),
      createMinimumGoal('nothing found where nothing fits', 0.9, toRoundStats([emptyShare])),
      createMaximumGoal('a query in MySQL, p95', 50, 'ms', toRoundStats([p95Ms])),
    ],
    data: { retrieval, kinds, rooms, roomDocuments, p95Ms },
  }
}
