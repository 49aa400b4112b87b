import { createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { followRooms } from '@engineer-chat/chat/rooms'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createRoom } from '../setup.ts'

const MESSAGES = 10_000
const TARGET_MS = 15
/** On a busy machine the target grows with the time that reading this many rows takes there. */
const COMPARED_ROWS = 1_000
const MAX_TIMES_READING = 8
const RUNS = 20
const CHUNK = 1_000
const BLOCK_POSITIONS = 1_024
const MAX_BLOCKS = 32

async function setUp(t: Test) {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { textIndex } = createMysqlStores(mysql)
  const event_id = await createRoom(mysql)
  const rank = (text: string, limit = 20) =>
    textIndex.rankMessages({ event_id, text, beforePosition: Number.MAX_SAFE_INTEGER, limit })
  const indexRooms = async () => {
    while (await followRooms(textIndex, TEXT_RULES, { maxRooms: 10, maxMessages: CHUNK }));
  }
  return { mysql, event_id, rank, indexRooms }
}

async function storePosts({ pool }: Mysql, event_id: string, posts: Array<{ position: number; content: string }>) {
  for (let start = 0; start < posts.length; start += CHUNK) {
    const rows = posts
      .slice(start, start + CHUNK)
      .map(({ position, content }) => [
        `m-${position}`,
        event_id,
        position,
        position,
        'all',
        'anna',
        'anna',
        'chat',
        'room',
        'user',
        JSON.stringify({ content }),
      ])
    await pool.query(
      `INSERT INTO messages (message_id, event_id, position, seq, audience, user_id, message_from, message_type,
         message_category, sender_type, message_content) VALUES ?`,
      [rows],
    )
  }
  await pool.query('UPDATE events SET seq = ? WHERE event_id = ?', [posts.at(-1)?.position, event_id])
}

const READ_NEWEST = `SELECT position, message_content FROM messages WHERE event_id = ?
  ORDER BY position DESC LIMIT ${COMPARED_ROWS}`

test('[RANK10] a room of 10,000 messages is ranked in one round trip and 15 ms at most', async (t) => {
  const { mysql, event_id, rank, indexRooms } = await setUp(t)
  const posts = Array.from({ length: MESSAGES }, (_, index) => ({
    position: index + 1,
    content: `host ws-${index % 250} beacon ${index} 横向移动`,
  }))
  await storePosts(mysql, event_id, posts)
  await indexRooms()
  const queries = t.capture(mysql.pool, 'query', mysql.pool.query)

  const tookMs: number[] = []
  const readingMs: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const startedAtMs = performance.now()
    const [best] = await rank(`beacon ${run} of ws-${run} 横向移动?`)
    const rankedAtMs = performance.now()
    await mysql.pool.execute(READ_NEWEST, [event_id])
    tookMs.push(rankedAtMs - startedAtMs)
    readingMs.push(performance.now() - rankedAtMs)
    t.equal(best?.position, run + 1)
  }

  t.equal(queries().length, RUNS)
  const bestMs = Math.min(...tookMs)
  const targetMs = Math.max(TARGET_MS, MAX_TIMES_READING * Math.min(...readingMs))
  t.ok(bestMs < targetMs, `the best of ${RUNS} took ${bestMs.toFixed(1)} ms, the target is ${targetMs.toFixed(1)} ms`)
  t.comment(`ranking took ${tookMs.map(Math.round).join(', ')} ms, reading ${readingMs.map(Math.round).join(', ')} ms`)
})

test('[RANK10] a frequent term counts in its newest 32 blocks, and a rare one in the whole room', async (t) => {
  const { mysql, event_id, rank, indexRooms } = await setUp(t)
  const blocks = MAX_BLOCKS + 2
  const posts = Array.from({ length: blocks }, (_, block) => ({
    position: block * BLOCK_POSITIONS + 1,
    content: `beacon zz${block}`,
  }))
  await storePosts(mysql, event_id, posts)
  await indexRooms()

  const positions = (await rank('beacon', 100)).map(({ position }) => position)

  const newest = posts.slice(-MAX_BLOCKS).map(({ position }) => position)
  t.same(positions, newest.toReversed())
  t.match(await rank('zz0'), [{ position: 1 }])
})
