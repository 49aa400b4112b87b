import { randomBytes } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { openReplyBoard } from '@engineer-chat/adapters/bullmq'
import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createRedisServers } from '@engineer-chat/adapters/redis'
import { followRooms } from '@engineer-chat/chat/rooms'
import type { AuditEntry } from '@engineer-chat/chat/shared'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { type Harness, harness, type Person } from '../harness.ts'

/** The restricted event has this id, and each text in it contains the canary. */
export const EVENT_ID = 'restricted-7f3a'
export const CANARY = 'canary-7f3a'
/** The names of the people who are in the event. */
export const NAMES = { owner: 'alice-7f3a', observer: 'bob-7f3a' }

/** A restricted event with something of everything in it, and the people around it. */
export interface EventWorld {
  h: Harness
  /** Is not a member, and has a chat with the assistant in the event. */
  admin: Person
  /** Created the event. */
  owner: Person
  observer: Person
  agent: Person
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
  }
  /** Holds the audit entries since the world was built. */
  entries: AuditEntry[]
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

/** Opens an empty queue for the boards of all worlds of a test. */
export async function openBoard(t: Test) {
  const servers = createRedisServers(parseRedisAddress(getTestServers().redisUrl))
  const board = openReplyBoard({ servers, namespace: `test-${randomBytes(4).toString('hex')}`, log: quiet })
  t.teardown(() => board.close())
  await board.queue.waitUntilReady()
  return board.queue
}

export type Board = Awaited<ReturnType<typeof openBoard>>

export async function createEventWorld(t: Test, board: Board): Promise<EventWorld> {
  const stores = createMemoryStores()
  const h = await harness({
    env: { ENGINEER_CHAT_REVIEW_PRIVATE_TEXT: 'true' },
    stores,
    deps: { board, voice: VOICE },
  })
  t.teardown(() => h.close())
  const [admin, agent] = [await h.person('root', 'admin'), await h.person('captain', 'agent')]
  const [owner, observer] = [await h.person(NAMES.owner), await h.person(NAMES.observer)]
  const ids = await fillEvent(h, { admin, agent, owner, observer })
  const entries: AuditEntry[] = []
  const { write } = stores.audit
  stores.audit.write = async (written) => {
    entries.push(...written)
    return write(written)
  }
  return { h, admin, owner, observer, agent, ids, entries }
}

const VOICE = {
  transcription: { model: { name: 'whisper-1', price: null }, transcribe: async () => ({ text: 'hello', seconds: 1 }) },
  speech: {
    model: { name: 'tts-1', price: null },
    speak: async () => ({ type: 'audio/mpeg', audio: (async function* () {})() }),
  },
}

async function fillEvent(
  h: Harness,
  { admin, agent, owner, observer }: Pick<EventWorld, 'admin' | 'agent' | 'owner' | 'observer'>,
): Promise<EventWorld['ids']> {
  const url = `/api/events/${EVENT_ID}`
  await h.event(owner, {
    ...{ event_id: EVENT_ID, access: 'restricted', event_name: CANARY, message: CANARY, context: CANARY },
  })
  await h.member(owner, EVENT_ID, observer, 'observer')
  await done(agent.call('POST', `${url}/summaries`, { round_id: 1, event_summary: CANARY, event_suggestion: CANARY }))
  const fromAgent = { message_from: '_captain', message_type: 'llm_response', message_content: CANARY, round_id: 1 }
  await done(agent.call('POST', `${url}/messages`, fromAgent))
  const post = (await done(owner.call('POST', `${url}/messages`, { message: CANARY }))).json().message_id
  await done(owner.call('PUT', `${url}/pins/${post}`))
  const flagged = await ask(h, owner, { visibility: 'private' })
  const failed = await ask(h, owner, { visibility: 'room' })
  const own = await ask(h, admin, { visibility: 'private' })
  const hits = [{ kind: 'html' as const, count: 1, examples: [CANARY] }]
  await finish(h, flagged.reply, { type: 'chat', content: { content: CANARY }, findings: hits })
  const error = { code: 'llm_unreachable', retryable: true } as const
  await finish(h, failed.reply, { type: 'error', content: { content: CANARY, error } })
  await finish(h, own.reply, { type: 'chat', content: { content: CANARY } })
  await done(owner.call('POST', `${url}/messages`, { message: `Block ${CANARY}.example.` }))
  await followRooms(h.stores, { maxRooms: 10, maxMessages: 100 })
  await done(admin.call('PUT', `/api/admin/legal-holds/${EVENT_ID}`))
  return { post, flagged: flagged.reply, failed: failed.reply, session: own.session, reply: own.reply }
}

async function ask(
  h: Harness,
  by: Person,
  { visibility }: { visibility: 'private' | 'room' },
): Promise<{ session: string; reply: string }> {
  const chat = '/api/engineer-chat'
  const opened = await done(by.call('POST', `${chat}/new-session`, { event_id: EVENT_ID, visibility }))
  const { session_id } = opened.json()
  const sent = await done(by.call('POST', `${chat}/send`, { event_id: EVENT_ID, message: CANARY, session_id }))
  const reply: string = sent.json().ai_message.message_id
  const claim = await h.stores.replies.claim(reply, 60_000)
  if (!claim) throw new Error('the reply cannot be claimed')
  return { session: session_id, reply }
}

async function finish(h: Harness, message_id: string, outcome: Parameters<Harness['stores']['replies']['finish']>[1]) {
  if (!(await h.stores.replies.finish({ message_id, attempt: 1 }, outcome))) throw new Error('the reply has ended')
}

async function done(call: ReturnType<Person['call']>): ReturnType<Person['call']> {
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
