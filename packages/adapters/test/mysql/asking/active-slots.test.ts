import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { createSessionId } from '@engineer-chat/chat/shared'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createQuestion, createRoom } from '../setup.ts'

/** Opens a room with alice's private and shared session; the shared one was used last. */
async function createRoomWithBoth(t: Test) {
  const node = (await createMigratedDatabase(t)).openNode()
  const { messages, sessions, retention } = createMysqlStores(node)
  const event_id = await createRoom(node)
  const ask = (visibility: 'private' | 'room' | null) => messages.ask(createQuestion(event_id, { visibility }))
  const own = await ask('private')
  const shared = await ask('room')
  const isActive = async (session_id: string) => (await sessions.find('alice', session_id))?.active
  return { node, event_id, ask, own, shared, sessions, retention, isActive }
}

/** Writes a new session as the version before does: it empties slot 1 and takes it. */
async function openAsEarlierVersion(
  { node, event_id }: Awaited<ReturnType<typeof createRoomWithBoth>>,
  visibility: string,
) {
  const session_id = createSessionId(event_id, 'alice')
  await node.pool.query(
    `UPDATE chat_sessions SET active_slot = NULL WHERE event_id = ? AND user_id = 'alice' AND active_slot = 1`,
    [event_id],
  )
  await node.pool.query(
    `INSERT INTO chat_sessions (session_id, event_id, user_id, visibility, active_slot, max_rounds)
     VALUES (?, ?, 'alice', ?, 1, 10)`,
    [session_id, event_id, visibility],
  )
  return session_id
}

test('[SESS6] a node of the version before finds the session used last as its active one', async (t) => {
  const room = await createRoomWithBoth(t)
  const readSlot1 = async () => {
    const sql = 'SELECT session_id FROM chat_sessions WHERE event_id = ? AND user_id = ? AND active_slot = 1'
    return (await room.node.pool.query(sql, [room.event_id, 'alice']))[0]
  }
  t.match(await readSlot1(), [{ session_id: room.shared.session_id }])
  await room.ask('private')
  t.match(await readSlot1(), [{ session_id: room.own.session_id }])
})

test('[SESS6] a session that a node of the version before opened is the active one of its visibility', async (t) => {
  const room = await createRoomWithBoth(t)

  const newer = await openAsEarlierVersion(room, 'private') // The shared session loses its slot; the older private one keeps 2.

  t.equal((await room.ask(null)).session_id, newer)
  t.same([await room.isActive(newer), await room.isActive(room.own.session_id)], [true, false])
  t.equal((await room.ask('private')).session_id, newer)
})

test('[SESS6] a list shows one active session of a visibility even before the next question corrects the slots', async (t) => {
  const room = await createRoomWithBoth(t)
  const newer = await openAsEarlierVersion(room, 'private')
  const { items } = await room.sessions.list('alice', room.event_id, { limit: 10 })
  t.same(
    items.filter((one) => one.active).map((one) => one.session_id),
    [newer],
  )
})

test('[SESS6] when slot 1 was emptied, the other session goes on', async (t) => {
  const room = await createRoomWithBoth(t)
  await room.node.pool.query('UPDATE chat_sessions SET active_slot = NULL WHERE active_slot = 1')
  t.equal((await room.ask(null)).session_id, room.own.session_id)
  t.equal((await room.ask('private')).session_id, room.own.session_id)
})

test('[DATA1] both active sessions are closed when they are idle', async (t) => {
  const room = await createRoomWithBoth(t)
  await room.node.pool.query('UPDATE chat_sessions SET updated_at = NOW(3) - INTERVAL 5 HOUR')
  t.equal((await room.retention.closeIdleSessions(1, 100)).length, 2)
  t.same([await room.isActive(room.own.session_id), await room.isActive(room.shared.session_id)], [false, false])
})

test('[ASK5] questions of both visibilities raced over two nodes keep one active session each', async (t) => {
  const database = await createMigratedDatabase(t)
  const nodes = [database.openNode(), database.openNode()]
  const stores = nodes.map((node) => createMysqlStores(node).messages)
  const event_id = await createRoom(database.openNode())
  const asks = Array.from({ length: 24 }, (_, index) => {
    const visibility = index % 3 === 0 ? 'room' : 'private'
    return stores[index % 2]?.ask(createQuestion(event_id, { visibility, max_rounds: 30 }))
  })
  const results = await Promise.all(asks)
  const shared = results.flatMap((one, index) => (index % 3 === 0 ? (one?.session_id ?? []) : []))
  const own = results.flatMap((one, index) => (index % 3 === 0 ? [] : (one?.session_id ?? [])))
  t.same([new Set(shared).size, new Set(own).size, new Set([...shared, ...own]).size], [1, 1, 2])
})
