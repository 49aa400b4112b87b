import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { followRooms, INDICATOR_RULES, resetRooms } from '@engineer-chat/chat/rooms'
import { createId } from '@engineer-chat/chat/shared'
import type { RowDataPacket } from 'mysql2/promise'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createQuestion, createRoom } from '../setup.ts'

async function setUp(t: Test) {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { messages, pins, replies, retention } = createMysqlStores(mysql)
  const ask = async (event_id: string, user_id: string) => {
    const asked = await messages.ask(createQuestion(event_id, { user_id }))
    return { session_id: asked.session_id, reply: asked.reply.message.message_id }
  }
  const answer = async (message_id: string) => {
    const claim = await replies.claim(message_id, 60_000)
    await replies.finish({ message_id, attempt: claim?.row.attempt ?? 0 }, { type: 'chat', content: { content: 'x' } })
  }
  const makeOlder = (session_id: string, days: number) =>
    mysql.pool.query('UPDATE chat_sessions SET updated_at = NOW(3) - INTERVAL ? DAY WHERE session_id = ?', [
      days,
      session_id,
    ])
  const count = async (table: string) => {
    const [[row]] = await mysql.pool.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${table}`)
    return Number(row?.n)
  }
  return { mysql, messages, pins, replies, retention, ask, answer, makeOlder, count }
}

test('[DATA1] idle sessions are closed in bounded batches, and their messages stay', async (t) => {
  const { mysql, retention, ask, makeOlder, count } = await setUp(t)
  const room = await createRoom(mysql)
  const sessions = [await ask(room, 'alice'), await ask(room, 'bob'), await ask(room, 'carol')]
  for (const { session_id } of sessions.slice(0, 2)) await makeOlder(session_id, 2)
  await ask(room, 'alice')
  await makeOlder(String(sessions[0]?.session_id), 3)
  const closed = [await retention.closeIdleSessions(24, 1), await retention.closeIdleSessions(24, 5)]
  t.same(
    closed.map(({ length }) => length),
    [1, 1],
  )
  t.same(closed.flat().toSorted(), [1, 2], 'returns how many questions each closed session has')
  t.not((await ask(room, 'alice')).session_id, sessions[0]?.session_id, 'a closed session gets no further question')
  t.equal((await ask(room, 'carol')).session_id, sessions[2]?.session_id, 'an open session continues')
  t.equal(await count('messages'), 12, 'six questions and their replies')
})

test('[DATA2] an old chat is removed with everything that refers to it, and nothing else is removed', async (t) => {
  const { mysql, messages, pins, replies, retention, ask, answer, makeOlder, count } = await setUp(t)
  const room = await createRoom(mysql)
  const [oldChat, busyChat, youngChat] = [await ask(room, 'alice'), await ask(room, 'bob'), await ask(room, 'carol')]
  for (const { reply } of [oldChat, youngChat]) {
    await answer(reply)
    await messages.storeFeedback(reply === oldChat.reply ? 'alice' : 'carol', reply, 'up', null)
    await replies.recordCall({
      message_id: reply,
      attempt: 1,
      model: 'm',
      outcome: 'ok',
      error_code: null,
      usage: null,
      first_token_ms: 1,
      total_ms: 2,
    })
  }
  await messages.share('alice', oldChat.session_id)
  await pins.pin(room, oldChat.reply, { user_id: 'bob', audiences: ['people'] })
  for (const { session_id } of [oldChat, busyChat]) await makeOlder(session_id, 40)
  const { timeline } = createMysqlStores(mysql)
  const ageReadMarks = (days: number) =>
    mysql.pool.query('UPDATE read_marks SET updated_at = NOW(3) - INTERVAL ? DAY', [days])
  for (const user_id of ['alice', 'bob']) await timeline.markRead(room, user_id, 2)
  await ageReadMarks(40)
  t.same(
    [await retention.removeChats(30, 10), await retention.removeChats(30, 10)],
    [1, 0],
    'the chat that waits for its answer stays',
  )
  t.same(
    [await count('messages'), await count('chat_sessions'), await count('feedback'), await count('llm_calls')],
    [4, 2, 1, 1],
    'everything of the other two chats stays',
  )
  const [marks] = await mysql.pool.query<RowDataPacket[]>('SELECT user_id FROM read_marks')
  t.same(marks, [{ user_id: 'bob' }], 'the read mark of its owner is removed, too')
  const newChat = await ask(room, 'alice')
  await answer(newChat.reply)
  await makeOlder(newChat.session_id, 40)
  await timeline.markRead(room, 'alice', 3)
  t.equal(await retention.removeChats(30, 10), 1)
  t.equal(await count('read_marks'), 2, 'the read mark of an owner who has read since stays')
})

test('[INDICATOR10] the indicators of an old chat are removed with it, and a worker does not add them again', async (t) => {
  const { mysql, replies, retention, ask, makeOlder, count } = await setUp(t)
  const { indicators } = createMysqlStores(mysql)
  const room = await createRoom(mysql)
  const [oldChat, youngChat] = [await ask(room, 'alice'), await ask(room, 'bob')]
  for (const { reply } of [oldChat, youngChat]) {
    const claim = await replies.claim(reply, 60_000)
    const content = { content: 'evil.example' }
    await replies.finish({ message_id: reply, attempt: claim?.row.attempt ?? 0 }, { type: 'chat', content })
  }
  const follow = () => followRooms(indicators, INDICATOR_RULES, { maxRooms: 10, maxMessages: 100 })
  await follow()
  t.equal(await count('indicators'), 2)
  await makeOlder(oldChat.session_id, 40)
  await resetRooms(indicators)

  await Promise.all([follow(), retention.removeChats(30, 10), follow()])

  t.equal(await count('indicators'), 1)
  // `resetRooms` empties the room's indicators, and `follow` adds them again.
  t.equal(await resetRooms(indicators, room), 1)
  t.equal(await count('indicators'), 0)
  await follow()
  t.equal(await count('indicators'), 1)
})

/** Returns the FROM clause for the index rows of messages. The index also has rows of events. */
const selectRoomRows = (table: string) => `${table} JOIN text_scopes USING (scope_id) WHERE kind = 'room'`

test('[RANK6] the index entries of an old chat are removed with it, and a worker does not add them again', async (t) => {
  const { mysql, replies, retention, ask, makeOlder, count } = await setUp(t)
  const { textIndex } = createMysqlStores(mysql)
  const room = await createRoom(mysql)
  const [oldChat, youngChat] = [await ask(room, 'alice'), await ask(room, 'bob')]
  for (const { reply, session_id } of [oldChat, youngChat]) {
    const claim = await replies.claim(reply, 60_000)
    const content = { content: 'evil.example' }
    await replies.finish({ message_id: reply, attempt: claim?.row.attempt ?? 0 }, { type: 'chat', content })
    await mysql.pool.execute("UPDATE messages SET audience = 'people' WHERE chat_session_id = ?", [session_id])
  }
  const follow = () => followRooms(textIndex, TEXT_RULES, { maxRooms: 10, maxMessages: 100 })
  await follow()
  t.equal(await count(selectRoomRows('text_entries')), 4)
  const postingsBefore = await count(selectRoomRows('text_postings'))
  await makeOlder(oldChat.session_id, 40)
  await resetRooms(textIndex)

  await Promise.all([follow(), retention.removeChats(30, 10), follow()])

  t.equal(await count(selectRoomRows('text_entries')), 2)
  t.equal(await count(selectRoomRows('text_postings')), postingsBefore, 'the other chat has the same words')
  await mysql.pool.execute('UPDATE chat_sessions SET updated_at = updated_at - INTERVAL 40 DAY')
  await retention.removeChats(30, 10)
  t.same([await count(selectRoomRows('text_entries')), await count(selectRoomRows('text_postings'))], [0, 0])
})

test('[DATA3] nothing of an event under a legal hold is removed', async (t) => {
  const { mysql, retention, ask, answer, makeOlder } = await setUp(t)
  const room = await createRoom(mysql)
  const chat = await ask(room, 'alice')
  await answer(chat.reply)
  await makeOlder(chat.session_id, 40)
  await retention.addLegalHold(room, 'root')
  t.equal(await retention.removeChats(30, 10), 0)
  await retention.removeLegalHold(room)
  t.equal(await retention.removeChats(30, 10), 1)
})

const RECORDS = ['flagged_replies', 'reply_versions', 'event_changes', 'voice_calls']

test('[DATA5] old records are removed in bounded batches of each kind, and younger ones and messages stay', async (t) => {
  const { mysql, messages, replies, retention, ask, count } = await setUp(t)
  const { events, voiceCalls } = createMysqlStores(mysql)
  const leaveRecords = async (event_id: string) => {
    const { reply } = await ask(event_id, 'alice')
    const attempt = (await replies.claim(reply, 60_000))?.row.attempt ?? 0
    const call = { message_id: reply, attempt, model: 'm', model_id: 'm', outcome: 'ok', error_code: null } as const
    await replies.recordCall({ ...call, usage: null, first_token_ms: 1, total_ms: 2, prompt: '["PROMPT"]' })
    const hits = [{ kind: 'html' as const, count: 1, examples: ['img'] }]
    await replies.finish({ message_id: reply, attempt }, { type: 'chat', content: { content: 'x' }, findings: hits })
    await messages.retry('alice', reply)
    await messages.cancel('alice', reply)
    await events.update(event_id, { event_name: createId() }, { user_id: 'alice', role: 'engineer' })
    const voice = { user_id: 'alice', event_id, kind: 'speech', model: 'm', outcome: 'ok' } as const
    await voiceCalls.record({
      ...voice,
      call_id: createId(),
      size: 1,
      total_ms: 1,
      cost_micros: null,
      spent: { tokens: 0, micros: 0 },
    })
  }
  const [room, heldRoom] = [await createRoom(mysql), await createRoom(mysql)]
  for (const event_id of [room, room, room, heldRoom]) await leaveRecords(event_id)
  for (const table of RECORDS) await mysql.pool.query(`UPDATE ${table} SET created_at = NOW(3) - INTERVAL 91 DAY`)
  await leaveRecords(room)
  await mysql.pool.query('UPDATE llm_calls SET created_at = NOW(3) - INTERVAL 91 DAY WHERE id <= 4')
  // This call has no message, as a late writer could leave it.
  await mysql.pool.query(
    "INSERT INTO llm_calls (message_id, attempt, model, outcome, total_ms, created_at) VALUES ('gone', 1, 'm', 'ok', 1, '2020-01-01')",
  )
  const messagesBefore = await count('messages')
  await retention.addLegalHold(heldRoom, 'root')

  t.equal(await retention.removeRecords(92, 10), 0)
  t.equal(await retention.removeCalls(92, 10), 1, 'the call of 2020')
  t.same([await retention.removeCalls(90, 2), await retention.removeCalls(90, 2)], [2, 1])
  t.equal(await retention.removeRecords(90, 2), 2 * RECORDS.length)
  t.equal(await retention.removeRecords(90, 2), RECORDS.length)
  t.equal(await retention.removeRecords(90, 2), 0)
  for (const table of ['llm_calls', ...RECORDS])
    t.equal(await count(table), 2, `${table}: the young record and the held record`)
  await retention.removeLegalHold(heldRoom)
  t.equal(await retention.removeRecords(90, 10), RECORDS.length)
  t.equal(await retention.removeCalls(90, 10), 1)
  t.equal(await count('messages'), messagesBefore)
})
