import { buildPrompt } from '@engineer-chat/chat/prompting'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createRoomSources } from '@engineer-chat/chat/testing'
import t from 'tap'
import { postMessage, postNote, SCOPE } from '../../testing/contracts/harness.ts'
import { startWorker } from '../replying/reply-harness.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const never = new AbortController().signal
const CREATED_AT = '2026-01-31T13:00:00.000Z'
const NOTE = { message_id: 'm1', position: 5, author: 'bob', content: 'I isolated it.', created_at: CREATED_AT }
const QUOTE = { message_id: 'm9', author: 'eve', created_at: CREATED_AT, text: 'Which one?' }

t.test('[SRC7] an answer says what its model was told, and what it used of that', async (t) => {
  const worker = await startWorker([['Host 7 [msg1].', createFinish()]], 'Is it contained?', {
    async prepare(stores, place) {
      const { row } = await postMessage(stores, place, 'all', 'WS-7 beacons.')
      const by = { user_id: place.owner, audiences: ['all'] }
      await stores.pins.pin(place.event_id, row.message.message_id, by)
      await postNote(stores, { ...place, owner: place.other }, 'Host 7 is isolated.')
    },
  })
  await answerReply(worker.ctx, worker.ref, never)
  const content = worker.getContent()
  t.match(content?.sources, [
    { id: 'ev1', kind: 'event', label: 'event' },
    { id: 'ev2', kind: 'description' },
    { id: 'ev3', kind: 'context' },
    { id: 'pin1', kind: 'pin', label: /^agent captain, 1970-/, message_id: /./ },
    { id: 'msg1', kind: 'message', label: /^user-.*, 1970-/, message_id: /./ },
  ])
  t.equal(content?.sources?.length, 5)
  t.match(content?.citations, [{ id: 'msg1', supported: true }])
  t.notMatch(JSON.stringify(content?.sources), /beacons|isolated/, 'a text is not stored again')
  const context = await worker.stores.replies.findContext(worker.ref.message_id, SCOPE)
  if (context) t.same(buildPrompt(context, MODEL, SETTINGS).sources, content?.sources, 'as a preview lists them')
})

t.test('[SRC7] what didn’t fit is not in the list; what the question quotes is', async (t) => {
  const messages = Array.from({ length: 40 }, (_, at) => ({
    ...NOTE,
    message_id: `m-${at}`,
    content: 'word '.repeat(300),
  }))
  const small = { ...MODEL, context_window: 6_000, max_tokens: 1_000 }
  const context = createContext({ room: createRoomSources({ messages }), quote: QUOTE })
  const { sources } = buildPrompt(context, small, SETTINGS)
  t.ok(sources.some(({ id }) => id === 'msg40'))
  t.notOk(sources.some(({ id }) => id === 'msg1'))
  t.match(sources.at(-1), { id: 'quo1', kind: 'quote', message_id: 'm9' })
})

t.test('[SRC7] an answer of the built-in analyst lists what it cites', async (t) => {
  const analyst = { ...MODEL, provider: 'offline' }
  const { review } = buildPrompt(createContext({ room: createRoomSources({ messages: [NOTE] }) }), analyst, SETTINGS)
  t.same(review('Forty logins [ev2].').sources, [{ id: 'ev2', kind: 'description', label: 'description' }])
})

t.test('[SRC3] a kind that is switched off is not told; the conversation stays', async (t) => {
  const room = createRoomSources({ messages: [NOTE], pins: [{ ...NOTE, message_id: 'm2', content: 'A pin.' }] })
  const history = [{ question: 'Before?', answer: 'Yes.' }]
  const context = createContext({ room, quote: QUOTE, carried_over: 'Q: Who?', history, summary_updated: true })
  const { turns, sources } = buildPrompt(context, MODEL, { ...SETTINGS, sources: new Set() })
  t.same(
    sources.map(({ id }) => id),
    ['old1', 'quo1'],
  )
  t.match(JSON.stringify(turns), /Before\?.*Which one\?.*And now\?/)
  for (const text of [
    'Forty failed logins',
    'Strange logins',
    'taken over',
    'isolated',
    'A pin.',
    'summary has changed',
  ]) {
    t.notMatch(JSON.stringify(turns), text)
  }
})
