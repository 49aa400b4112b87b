import { randomBytes } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { openReplyBoard } from '@engineer-chat/adapters/bullmq'
import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createRedisServers } from '@engineer-chat/adapters/redis'
import { followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import type { AuditEntry } from '@engineer-chat/chat/shared'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { createHarness, type Harness, type TestCaller } from '../harness.ts'

/** The restricted event has this id, and each text in it contains the canary. */
export const EVENT_ID = 'restricted-7f3a'
export const CANARY = 'canary-7f3a'
/** The names of the people who are in the event. */
export const NAMES = { owner: 'alice-7f3a', observer: 'bob-7f3a' }

/** A restricted event with something of everything in it, and the people around it. */
export interface EventFixture {
  harness: Harness
  /** Is not a member, and has a chat with the assistant in the event. */
  admin: TestCaller
  /** Created the event. */
  owner: TestCaller
  observer: TestCaller
  agent: TestCaller
  ids: {
    /** Is a pinned message of the owner. */
    post: string
    /** Is an answer in the owner's private session. The output filter flagged it. */
    flagged: string
    /** Is an answer in the owner's shared session, which ended as an error. */
    failed: string
    /** The admin's own session in the event, and its finished reply. */
    session: string
    reply: string
    /** Is a document of the event. */
    document: string
  }
  /** Holds the audit entries since the fixture was built. */
  entries: AuditEntry[]
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

/** Opens an empty queue for the boards of all fixtures of a test. */
export async function openBoard(t: Test) {
  const servers = createRedisServers(parseRedisAddress(getTestServers().redisUrl))
  const board = openReplyBoard({ servers, namespace: `test-${randomBytes(4).toString('hex')}`, log: quiet })
  t.teardown(() => board.close())
  await board.queue.waitUntilReady()
  return board.queue
}

export type Board = Awaited<ReturnType<typeof openBoard>>

export async function createEventFixture(t: Test, board: Board): Promise<EventFixture> {
  const stores = createMemoryStores()
  const harness = await createHarness({
    env: { ENGINEER_CHAT_REVIEW_PRIVATE_TEXT: 'true' },
    stores,
    deps: { board, voice: VOICE },
  })
  t.teardown(() => harness.close())
  const [admin, agent] = [await harness.signUp('root', 'admin'), await harness.signUp('captain', 'agent')]
  const [owner, observer] = [await harness.signUp(NAMES.owner), await harness.signUp(NAMES.observer)]
  const ids = await fillEvent(harness, { admin, agent, owner, observer })
  const entries: AuditEntry[] = []
  const { write } = stores.audit
  stores.audit.write = async (written) => {
    entries.push(...written)
    return write(written)
  }
  return { harness, admin, owner, observer, agent, ids, entries }
}

const VOICE = {
  transcription: { model: { name: 'whisper-1', price: null }, transcribe: async () => ({ text: 'hello', seconds: 1 }) },
  speech: {
    model: { name: 'tts-1', price: null },
    speak: async () => ({ type: 'audio/mpeg', audio: (async function* () {})() }),
  },
}

async function fillEvent(
  harness: Harness,
  { admin, agent, owner, observer }: Pick<EventFixture, 'admin' | 'agent' | 'owner' | 'observer'>,
): Promise<EventFixture['ids']> {
  const url = `/api/events/${EVENT_ID}`
  await harness.createEvent(owner, {
    ...{ event_id: EVENT_ID, access: 'restricted', event_name: CANARY, message: CANARY, context: CANARY },
  })
  await harness.putMember(owner, EVENT_ID, observer, 'observer')
  await requireSuccess(
    agent.call('POST', `${url}/summaries`, { round_id: 1, event_summary: CANARY, event_suggestion: CANARY }),
  )
  const fromAgent = { message_from: '_captain', message_type: 'llm_response', message_content: CANARY, round_id: 1 }
  await requireSuccess(agent.call('POST', `${url}/messages`, fromAgent))
  const post = (await requireSuccess(owner.call('POST', `${url}/messages`, { message: CANARY }))).json().message_id
  await requireSuccess(owner.call('PUT', `${url}/pins/${post}`))
  const flagged = await ask(harness, owner, { visibility: 'private' })
  const failed = await ask(harness, owner, { visibility: 'room' })
  const own = await ask(harness, admin, { visibility: 'private' })
  const hits = [{ kind: 'html' as const, count: 1, examples: [CANARY] }]
  await finish(harness, flagged.reply, { type: 'chat', content: { content: CANARY }, findings: hits })
  const error = { code: 'llm_unreachable', retryable: true } as const
  await finish(harness, failed.reply, { type: 'error', content: { content: CANARY, error } })
  await finish(harness, own.reply, { type: 'chat', content: { content: CANARY } })
  await requireSuccess(owner.call('POST', `${url}/messages`, { message: `Block ${CANARY}.example.` }))
  await followRooms(harness.stores.indicators, INDICATOR_RULES, { maxRooms: 10, maxMessages: 100 })
  const text = { title: CANARY, kind: 'note', content: CANARY, access: 'event', event_id: EVENT_ID }
  const document = (await requireSuccess(owner.call('POST', '/api/documents', text))).json().document_id
  await requireSuccess(admin.call('PUT', `/api/admin/legal-holds/${EVENT_ID}`))
  return { post, flagged: flagged.reply, failed: failed.reply, session: own.session, reply: own.reply, document }
}

async function ask(
  harness: Harness,
  by: TestCaller,
  { visibility }: { visibility: 'private' | 'room' },
): Promise<{ session: string; reply: string }> {
  const chat = '/api/engineer-chat'
  const opened = await requireSuccess(by.call('POST', `${chat}/new-session`, { event_id: EVENT_ID, visibility }))
  const { session_id } = opened.json()
  const sent = await requireSuccess(
    by.call('POST', `${chat}/send`, { event_id: EVENT_ID, message: CANARY, session_id }),
  )
  const reply: string = sent.json().ai_message.message_id
  const claim = await harness.stores.replies.claim(reply, 60_000)
  if (!claim) throw new Error('the reply cannot be claimed')
  return { session: session_id, reply }
}

async function finish(
  harness: Harness,
  message_id: string,
  outcome: Parameters<Harness['stores']['replies']['finish']>[1],
) {
  if (!(await harness.stores.replies.finish({ message_id, attempt: 1 }, outcome)))
    throw new Error('the reply has ended')
}

async function requireSuccess(call: ReturnType<TestCaller['call']>): ReturnType<TestCaller['call']> {
  const response = await call
  if (response.statusCode >= 300) throw new Error(response.body)
  return response
}

/** Lists the routes of every app that is built meanwhile, as `GET /livez`. */
export async function listRoutes(build: () => Promise<unknown>): Promise<string[]> {
  const routes = new Set<string>()
  const onApp = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) if (name !== 'HEAD') routes.add(`${name} ${url}`)
    })
  }
  subscribe('fastify.initialization', onApp)
  try {
    await build()
  } finally {
    unsubscribe('fastify.initialization', onApp)
  }
  return [...routes].sort()
}
