import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { CONTEXT_SOURCE_KINDS, VISIT_PAUSE_MINUTES } from '@engineer-chat/chat/prompting'
import { createId } from '@engineer-chat/chat/shared'
import { test } from 'tap'
import { createMigratedDatabase, createRoom } from '../setup.ts'

test('[CMD2] a mark that moves after a pause begins a visit, and keeps its earlier position', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { sources, timeline, messages } = createMysqlStores(mysql)
  const event_id = await createRoom(mysql)
  const postMessage = async (content: string) => {
    const { row } = await messages.post({
      message_id: createId(),
      event_id,
      user_id: 'bob',
      category: 'room',
      message_from: 'bob',
      message_type: 'chat',
      content: { content },
      round_id: null,
      audience: 'all',
    })
    return row.message.position
  }
  const pause = () =>
    mysql.pool.query(`UPDATE read_marks SET updated_at = updated_at - INTERVAL ${VISIT_PAUSE_MINUTES + 1} MINUTE`)
  const readUnread = async () => {
    const asked = { event_id, user_id: 'alice', session_id: null, question: '/catchup' }
    const context = await sources.findContext(asked, {
      historyLimit: 20,
      kinds: new Set(CONTEXT_SOURCE_KINDS),
      roomTokens: 8_192,
    })
    return { readPosition: context?.room?.readPosition, posts: context?.room?.messages.map(({ content }) => content) }
  }

  const first = await postMessage('one')
  await timeline.markRead(event_id, 'alice', first)
  await pause()
  const second = await postMessage('two')
  t.same(
    await readUnread(),
    { readPosition: first, posts: ['two'] },
    'after a pause all messages after the mark are new',
  )
  await timeline.markRead(event_id, 'alice', second)
  t.same(
    await readUnread(),
    { readPosition: first, posts: ['two'] },
    'the page has moved the mark, but the message is still new in this visit',
  )
  const third = await postMessage('three')
  await timeline.markRead(event_id, 'alice', third)
  t.same(await readUnread(), { readPosition: first, posts: ['two', 'three'] }, 'the same visit goes on')
  await pause()
  t.same(await readUnread(), { readPosition: third, posts: [] }, 'after another pause nothing is new')
  await timeline.markRead(event_id, 'alice', first)
  t.same(await readUnread(), { readPosition: third, posts: [] }, 'a mark never goes back')
})
