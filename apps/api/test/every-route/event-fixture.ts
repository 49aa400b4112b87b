import { randomBytes } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { openQueueInspector } from '@engineer-chat/adapters/bullmq'
import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createRedisConnector } from '@engineer-chat/adapters/redis'
import type { AuditEntry } from '@engineer-chat/chat/shared'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { BoardQueue } from '../../src/operations/board-queue.ts'
import { extractIndicators } from '../follow-rooms.ts'
import { createHarness, type Harness, type TestCaller } from '../harness.ts'

/** The restricted event has this id. */
export const EVENT_ID = 'restricted-7f3a'
/** Each text in the restricted event contains this word, so that a test finds it in a response. */
export const CANARY = 'canary-7f3a'
/** Holds the usernames of the people who are members of the event. */
export const NAMES = { owner: 'alice-7f3a', observer: 'bob-7f3a' }

/** Holds a restricted event with an example of each kind of data, and callers with different rights. */
export interface EventFixture {
  harness: Harness
  /** This admin is not a member, and has a chat with the assistant in the event. */
  admin: TestCaller
  /** The owner created the event. */
  owner: TestCaller
  observer: TestCaller
  agent: TestCaller
  ids: {
    /** Identifies a pinned message of the owner. */
    post: string
    /** Identifies an answer that the output filter flagged. It is in a private session of the owner. */
    flagged: string
    /** Identifies a reply that ended as an error. It is in a shared session of the owner. */
    failed: string
    /** Identifies the admin's private session in the event. */
    session: string
    /** Identifies the finished reply in the admin's session. */
    reply: string
    /** Identifies a document of the event. */
    document: string
  }
  /**
   * Holds the audit entries that were written since the fixture was created. A test may empty the list before a request,
   * so that it then holds only that request's entries.
   */
  entries: AuditEntry[]
}

const silentLog = { info: () => {}, warn: () => {}, error: () => {} }

/** Opens an empty queue for the Bull Board. All fixtures of a test share it. */
export async function openBoardQueue(t: Test): Promise<BoardQueue> {
  const connector = createRedisConnector(parseRedisAddress(getTestServers().redisUrl))
  const inspector = openQueueInspector({
    connector,
    namespace: `test-${randomBytes(4).toString('hex')}`,
    log: silentLog,
  })
  t.teardown(() => inspector.close())
  await inspector.queue.waitUntilReady()
  return inspector.queue
}

export async function createEventFixture(t: Test, boardQueue: BoardQueue): Promise<EventFixture> {
  const stores = createMemoryStores()
  const harness = await createHarness({
    env: { ENGINEER_CHAT_REVIEW_PRIVATE_TEXT: 'true' },
    stores,
    deps: { boardQueue, voice: VOICE },
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
    event_id: EVENT_ID,
    access: 'restricted',
    event_name: CANARY,
    message: CANARY,
    context: CANARY,
  })
  await harness.putMember(owner, EVENT_ID, observer, 'observer')
  await requireSuccess(
    agent.call('POST', `${url}/summaries`, { round_id: 1, event_summary: CANARY, event_suggestion: CANARY }),
  )
  const fromAgent = { message_from: '_captain', message_type: 'llm_response', message_content: CANARY, round_id: 1 }
  await requireSuccess(agent.call('POST', `${url}/messages`, fromAgent))
  const post = (await requireSuccess(owner.call('POST', `${url}/messages`, { message: CANARY }))).json().message_id
  await requireSuccess(owner.call('PUT', `${url}/pins/${post}`))
  const flagged = await askQuestion(harness, owner, { visibility: 'private' })
  const failed = await askQuestion(harness, owner, { visibility: 'room' })
  const adminChat = await askQuestion(harness, admin, { visibility: 'private' })
  const findings = [{ kind: 'html' as const, count: 1, examples: [CANARY] }]
  await finishReply(harness, flagged.reply, { type: 'chat', content: { content: CANARY }, findings })
  const error = { code: 'llm_unreachable', retryable: true } as const
  await finishReply(harness, failed.reply, { type: 'error', content: { content: CANARY, error } })
  await finishReply(harness, adminChat.reply, { type: 'chat', content: { content: CANARY } })
  await requireSuccess(owner.call('POST', `${url}/messages`, { message: `Block ${CANARY}.example.` }))
  await extractIndicators(harness.stores)
  const newDocument = { title: CANARY, kind: 'note', content: CANARY, access: 'event', event_id: EVENT_ID }
  const document = (await requireSuccess(owner.call('POST', '/api/documents', newDocument))).json().document_id
  await requireSuccess(admin.call('PUT', `/api/admin/legal-holds/${EVENT_ID}`))
  return {
    post,
    flagged: flagged.reply,
    failed: failed.reply,
    session: adminChat.session,
    reply: adminChat.reply,
    document,
  }
}

/** Asks a question in a new session, and claims its reply. */
async function askQuestion(
  harness: Harness,
  caller: TestCaller,
  { visibility }: { visibility: 'private' | 'room' },
): Promise<{ session: string; reply: string }> {
  const chat = '/api/engineer-chat'
  const opened = await requireSuccess(caller.call('POST', `${chat}/new-session`, { event_id: EVENT_ID, visibility }))
  const { session_id } = opened.json()
  const sent = await requireSuccess(
    caller.call('POST', `${chat}/send`, { event_id: EVENT_ID, message: CANARY, session_id }),
  )
  const reply: string = sent.json().ai_message.message_id
  const claim = await harness.stores.replies.claim(reply, 60_000)
  if (!claim) throw new Error('The reply cannot be claimed.')
  return { session: session_id, reply }
}

async function finishReply(
  harness: Harness,
  message_id: string,
  outcome: Parameters<Harness['stores']['replies']['finish']>[1],
) {
  if (!(await harness.stores.replies.finish({ message_id, attempt: 1 }, outcome)))
    throw new Error('The reply cannot be finished.')
}

async function requireSuccess(call: ReturnType<TestCaller['call']>): ReturnType<TestCaller['call']> {
  const response = await call
  if (response.statusCode >= 300) throw new Error(response.body)
  return response
}

/** Lists the routes, except HEAD, of the apps that are built during the call, in the form `GET /livez`. */
export async function listRoutes(build: () => Promise<unknown>): Promise<string[]> {
  const routes = new Set<string>()
  const recordRoutes = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) if (name !== 'HEAD') routes.add(`${name} ${url}`)
    })
  }
  subscribe('fastify.initialization', recordRoutes)
  try {
    await build()
  } finally {
    unsubscribe('fastify.initialization', recordRoutes)
  }
  return [...routes].sort()
}
