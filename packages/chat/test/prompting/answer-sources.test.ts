import { buildPrompt, findAnswerTlp } from '@engineer-chat/chat/prompting'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createRoomSources } from '@engineer-chat/chat/testing'
import { MAX_STORED_SOURCES, type Tlp } from '@engineer-chat/protocol'
import t from 'tap'
import { CONTEXT_LIMITS, postMessage, postNote } from '../../testing/contracts/harness.ts'
import { startWorker } from '../replying/reply-harness.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const notAborted = new AbortController().signal
const CREATED_AT = '2026-01-31T13:00:00.000Z'
const NOTE = { message_id: 'm1', position: 5, author: 'bob', content: 'I isolated it.', created_at: CREATED_AT }
const QUOTE = { message_id: 'm9', author: 'eve', created_at: CREATED_AT, text: 'Which one?' }

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1)

t.test('[SRC7] an answer lists the sources of its prompt, and which of them it used', async (t) => {
  const worker = await startWorker([['Host 7 [msg1].', createFinish()]], 'Is it contained?', {
    async prepare(stores, place) {
      const { row } = await postMessage(stores, place, 'all', 'WS-7 beacons.')
      const by = { user_id: place.owner, audiences: ['all'] }
      await stores.pins.pin(place.event_id, row.message.message_id, by)
      await postNote(stores, { ...place, owner: place.other }, 'Host 7 is isolated.')
    },
  })
  await answerReply(worker.ctx, worker.ref, notAborted)
  const content = worker.getContent()
  t.match(content?.sources, [
    { id: 'msg1', kind: 'message', label: /^user-.*, 1970-/, message_id: /./ },
    { id: 'ev1', kind: 'event', label: 'event' },
    { id: 'ev2', kind: 'description' },
    { id: 'ev3', kind: 'context' },
    { id: 'pin1', kind: 'pin', label: /^agent captain, 1970-/, message_id: /./ },
  ])
  t.equal(content?.sources?.length, 5)
  t.same(
    content?.citations?.map(({ id, supported }) => [id, supported]),
    [['msg1', true]],
  )
  t.notMatch(JSON.stringify(content?.sources), /beacons|isolated/, 'the texts of the sources are not stored')
  const context = await worker.stores.replies.findContext(worker.ref.message_id, CONTEXT_LIMITS)
  const sources = context && buildPrompt(context, MODEL, SETTINGS).sources
  t.same(sources?.toSorted(byId), content?.sources?.toSorted(byId), 'as a preview lists them')
})

/** Reviews an answer to a command whose prompt has the event's three texts and this many messages. */
function review(messageCount: number, text: string, labels: Record<string, Tlp> = {}) {
  const notes = Array.from({ length: messageCount }, (_, index) => {
    const message_id = `0199a0b0-0000-7000-8000-${String(index + 1).padStart(12, '0')}`
    const tlp = labels[`msg${index + 1}`]
    return {
      ...NOTE,
      author: 'ekaterina',
      message_id,
      position: index + 1,
      content: `Note ${index}.`,
      ...(tlp && { tlp }),
    }
  })
  const room = createRoomSources({ messages: notes })
  const context = createContext({ room, summary: null, question: '/timeline' })
  return buildPrompt(context, LARGE_MODEL, SETTINGS).review(text)
}

const LARGE_MODEL = { ...MODEL, context_window: 1_000_000, inside: true }
const EVENT_TEXTS = 3
const MAX_MESSAGES = MAX_STORED_SOURCES - EVENT_TEXTS

t.test('[SRC7] an answer lists 100 sources, counts the others, and the cited ones come first', async (t) => {
  const atLimit = review(MAX_MESSAGES, 'Host 7 [msg90][ev2].')
  t.same([atLimit.sources.length, atLimit.sourcesLeftOut], [MAX_STORED_SOURCES, 0])
  t.same(
    atLimit.sources.slice(0, 3).map(({ id }) => id),
    ['ev2', 'msg90', 'ev1'],
  )

  const overLimit = review(MAX_MESSAGES + 1, 'Host 7 [msg98].')
  t.same([overLimit.sources.length, overLimit.sourcesLeftOut], [MAX_STORED_SOURCES, 1])
  t.equal(overLimit.sources[0]?.id, 'msg98')
  t.notOk(
    overLimit.sources.some(({ id }) => id === 'msg97'),
    'the last one that is not cited is left out',
  )

  const citations = Array.from({ length: MAX_STORED_SOURCES }, (_, index) => `[msg${index + 201}]`)
  const onlyCited = review(300, citations.join(' '))
  t.same(
    onlyCited.sources.map(({ id }) => `[${id}]`),
    citations,
    'no cited source is left out up to the limit',
  )
})

t.test('[SRC7] one source of the strictest TLP label is listed, so that the answer keeps its label', async (t) => {
  for (const [labels, keptId] of [
    [{ msg300: 'red' }, 'msg300'],
    [{ msg1: 'green', msg299: 'red', msg300: 'amber+strict' }, 'msg299'],
    [{ msg1: 'red', msg300: 'red' }, 'msg1'],
  ] as const) {
    const { sources, sourcesLeftOut } = review(300, 'Host 7.', labels)
    t.equal(findAnswerTlp({ sources }).tlp, 'red')
    t.ok(
      sources.some(({ id }) => id === keptId),
      keptId,
    )
    t.same([sources.length, sourcesLeftOut], [MAX_STORED_SOURCES, 300 + EVENT_TEXTS - MAX_STORED_SOURCES])
  }
})

t.test('[SRC7] a source of the strictest TLP label is added, and takes no place from a cited one', async (t) => {
  const listIds = (count: number) => Array.from({ length: count }, (_, index) => `msg${index + 1}`)
  for (const [citedCount, storedCount] of [
    [MAX_STORED_SOURCES - 1, MAX_STORED_SOURCES],
    [MAX_STORED_SOURCES, MAX_STORED_SOURCES + 1],
    [MAX_STORED_SOURCES + 50, MAX_STORED_SOURCES + 1],
  ] as const) {
    const citedIds = listIds(citedCount)
    const { sources, sourcesLeftOut } = review(300, citedIds.map((id) => `[${id}]`).join(' '), { msg300: 'red' })
    const ids = sources.map(({ id }) => id)
    t.same(ids, [...citedIds.slice(0, MAX_STORED_SOURCES), 'msg300'], `${citedCount} are cited`)
    t.equal(findAnswerTlp({ sources }).tlp, 'red')
    t.same([sources.length, sourcesLeftOut], [storedCount, 300 + EVENT_TEXTS - storedCount])
  }
})

t.test('[SRC7] the sources of an answer whose prompt had 540 fill less than half of a frame', async (t) => {
  const { sources, citations } = review(540, Array.from({ length: 40 }, (_, index) => `[msg${index + 1}]`).join(' '))
  const bytes = Buffer.byteLength(JSON.stringify({ sources, citations }))
  t.ok(bytes < 32 * 1024, `${bytes} bytes`)
})

t.test('[SRC7] an answer’s row says how many sources it does not list', async (t) => {
  for (const [noteCount, leftOut] of [
    [MAX_MESSAGES - 1, undefined],
    [MAX_MESSAGES, undefined],
    [MAX_MESSAGES + 2, 2],
  ] as const) {
    const worker = await startWorker([['Nothing.', createFinish()]], '/timeline', {
      async prepare(stores, place) {
        for (let index = 0; index < noteCount; index++) await postNote(stores, place, `Note ${index}.`)
      },
    })
    await answerReply(
      { ...worker.ctx, promptSettings: { ...SETTINGS, contextWindow: 1_000_000 } },
      worker.ref,
      notAborted,
    )
    t.equal(worker.getContent()?.sources_left_out, leftOut)
  }
})

t.test('[SRC7] a source that didn’t fit is not listed; the quote of the question is', async (t) => {
  const messages = Array.from({ length: 40 }, (_, index) => ({
    ...NOTE,
    message_id: `m-${index}`,
    content: 'word '.repeat(300),
  }))
  const smallModel = { ...MODEL, context_window: 6_000, max_tokens: 1_000 }
  const context = createContext({ room: createRoomSources({ messages }), quote: QUOTE })
  const { sources } = buildPrompt(context, smallModel, SETTINGS)
  t.ok(sources.some(({ id }) => id === 'msg40'))
  t.notOk(sources.some(({ id }) => id === 'msg1'))
  t.match(sources.at(-1), { id: 'quo1', kind: 'quote', message_id: 'm9' })
})

t.test('[SRC7] an answer of the offline analyst lists what it cites', async (t) => {
  const analyst = { ...MODEL, provider: 'offline' }
  const { review } = buildPrompt(createContext({ room: createRoomSources({ messages: [NOTE] }) }), analyst, SETTINGS)
  t.same(review('Forty logins [ev2].').sources, [{ id: 'ev2', kind: 'description', label: 'description' }])
})

t.test('[SRC3] a kind that is switched off is not in the prompt; the conversation stays', async (t) => {
  const room = createRoomSources({ messages: [NOTE], pins: [{ ...NOTE, message_id: 'm2', content: 'A pin.' }] })
  const history = [{ question: 'Before?', answer: 'Yes.' }]
  const context = createContext({ room, quote: QUOTE, carried_over: 'Q: Who?', history, summary_updated: true })
  const { turns, sources } = buildPrompt(context, MODEL, { ...SETTINGS, sourceKinds: new Set() })
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
