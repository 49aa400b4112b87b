import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { createSessionId } from '@engineer-chat/chat/shared'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createQuestion, createRoom } from '../setup.ts'

/** Opens a room with alice's private and shared session; the shared session was used last. */
async function createRoomWithBothSessions(t: Test) {
  const node = (await createMigratedDatabase(t)).openNode()
  const { messages, sessions, retention } = createMysqlStores(node)
  const event_id = await createRoom(node)
  const ask = (visibility: 'private' | 'room' | null) => messages.ask(createQuestion(event_id, { visibility }))
  const privateSession = await ask('private')
  const sharedSession = await ask('room')
  const isActive = async (session_id: string) => (await sessions.find('alice', session_id))?.active
  return { node, event_id, ask, privateSession, sharedSession, sessions, retention, isActive }
}

/** Writes a new session as the previous version does: it empties slot 1 and uses it. */
async function openAsPreviousVersion(
  { node, event_id }: Awaited<ReturnType<typeof createRoomWithBothSessions>>,
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

test('[SESS6] a node of the previous version finds the last used session as the active session', async (t) => {
  const room = await createRoomWithBothSessions(t)
  const readSlot1 = async () => {
    const sql = 'SELECT session_id FROM chat_sessions WHERE event_id = ? AND user_id = ? AND active_slot = 1'
    return (await room.node.pool.query(sql, [room.event_id, 'alice']))[0]
  }
  t.match(await readSlot1(), [{ session_id: room.sharedSession.session_id }])
  await room.ask('private')
  t.match(await readSlot1(), [{ session_id: room.privateSession.session_id }])
})

test('[SESS6] a session that a node of the previous version opened is the active session of its visibility', async (t) => {
  const room = await createRoomWithBothSessions(t)

  // The shared session loses its slot, and the older private session keeps slot 2.
  const newSessionId = await openAsPreviousVersion(room, 'private')

  t.equal((await room.ask(null)).session_id, newSessionId)
  t.same([await room.isActive(newSessionId), await room.isActive(room.privateSession.session_id)], [true, false])
  t.equal((await room.ask('private')).session_id, newSessionId)
})

test('[SESS6] a list shows one active session for each visibility, even before the next question corrects the slots', async (t) => {
  const room = await createRoomWithBothSessions(t)
  const newSessionId = await openAsPreviousVersion(room, 'private')
  const { items } = await room.sessions.list('alice', room.event_id, { limit: 10 })
  t.same(
    items.filter((item) => item.active).map((item) => item.session_id),
    [newSessionId],
  )
})

test('[SESS6] if slot 1 was emptied, the other session stays active', async (t) => {
  const room = await createRoomWithBothSessions(t)
  await room.node.pool.query('UPDATE chat_sessions SET active_slot = NULL WHERE active_slot = 1')
  t.equal((await room.ask(null)).session_id, room.privateSession.session_id)
  t.equal((await room.ask('private')).session_id, room.privateSession.session_id)
})

test('[DATA1] both active sessions are closed when they are idle', async (t) => {
  const room = await createRoomWithBothSessions(t)
  await room.node.pool.query('UPDATE chat_sessions SET updated_at = NOW(3) - INTERVAL 5 HOUR')
  t.equal((await room.retention.closeIdleSessions(1, 100)).length, 2)
  t.same(
    [await room.isActive(room.privateSession.session_id), await room.isActive(room.sharedSession.session_id)],
    [false, false],
  )
})

test('[ASK5] when questions of both visibilities race over two nodes, each visibility keeps one active session', async (t) => {
  const database = await createMigratedDatabase(t)
  const nodes = [database.openNode(), database.openNode()]
  const stores = nodes.map((node) => createMysqlStores(node).messages)
  const event_id = await createRoom(database.openNode())
  const asks = Array.from({ length: 24 }, (_, index) => {
    const visibility = index % 3 === 0 ? 'room' : 'private'
    return stores[index % 2]?.ask(createQuestion(event_id, { visibility, max_rounds: 30 }))
  })
  const results = await Promise.all(asks)
  const sharedIds = results.flatMap((result, index) => (index % 3 === 0 ? (result?.session_id ?? []) : []))
  const privateIds = results.flatMap((result, index) => (index % 3 === 0 ? [] : (result?.session_id ?? [])))
  t.same([new Set(sharedIds).size, new Set(privateIds).size, new Set([...sharedIds, ...privateIds]).size], [1, 1, 2])
})
