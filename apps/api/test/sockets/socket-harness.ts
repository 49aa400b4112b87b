import { randomUUID } from 'node:crypto'
import { RecentRowsCache } from '@engineer-chat/chat/events'
import type { Claim } from '@engineer-chat/chat/replying'
import type { MessageChangeResult } from '@engineer-chat/chat/rooms'
import type { Log, ReplyStream, RoomFeed } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { createMemoryHints, createMemoryStores, type MemoryHints, type MemoryStores } from '@engineer-chat/chat/testing'
import type { MemberRole, UserRole } from '@engineer-chat/protocol'
import fastify from 'fastify'
import type { Test } from 'tap'
import { createSocketMetrics, type SocketLimits, socketsPlugin } from '../../src/sockets/index.ts'
import { openSocketClient, type SocketClient } from './socket-client.ts'

/** Shortens the waits of a node that stops, so that tests are fast. */
const QUICK_LIMITS: Partial<SocketLimits> = { closeWithinMs: 50, closeGraceMs: 200 }
const HOUR_MS = 3_600_000

export interface SignedInUser {
  user_id: string
  sign_in_id: string
  token: string
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** Creates a token without a signature, because the nodes of this harness do not check one. */
export const createToken = (user_id: string, sign_in_id: string, expires_at = Date.now() + HOUR_MS): string =>
  Buffer.from(JSON.stringify({ user_id, sign_in_id, expires_at })).toString('base64url')

export interface AskedIds {
  question_id: string
  reply_id: string
  session_id: string
}

export interface NodeOptions {
  limits?: Partial<SocketLimits>
  stores?: Partial<Stores>
  feed?: RoomFeed
  allowedOrigins?: string[]
  onAdminView?(admin: { user_id: string }, event_id: string): Promise<void>
}

export interface SocketHarness {
  stores: MemoryStores
  hints: MemoryHints
  /** Creates the user if there is none, and a new sign-in. */
  signIn(user_id: string, role?: UserRole): Promise<SignedInUser>
  startNode(options?: NodeOptions): Promise<TestNode>
  createEvent(event_id: string, access?: 'open' | 'restricted', members?: Record<string, MemberRole>): Promise<void>
  /** Stores a message, and publishes its hint unless `isPublished` is false. */
  postMessage(event_id: string, text: string, options?: { isPublished?: boolean }): Promise<MessageChangeResult>
  /** Stores the question `what now?` in the user's private session, and publishes its hint. */
  askQuestion(event_id: string, user: SignedInUser): Promise<AskedIds>
  claimReply(message_id: string): Promise<Claim>
  /** Opens the stream by which a worker sends the text of one attempt. */
  openReplyStream(event_id: string, message_id: string, attempt: number): ReplyStream
  finishReply(claim: Claim, text: string): Promise<void>
}

export interface TestNode {
  url: string
  metrics: ReturnType<typeof createSocketMetrics>
  /** Opens a socket with the user's token, and waits for its `hello`. */
  connect(user: SignedInUser): Promise<SocketClient>
  openClient(path?: string, headers?: Record<string, string>): SocketClient
  close(): Promise<void>
}

export function createSocketHarness(t: Test): SocketHarness {
  const stores = createMemoryStores()
  const hints = createMemoryHints()
  let nodeCount = 0

  const publish = (result: Pick<MessageChangeResult, 'change'>) => result.change && hints.bus.publish(result.change)

  return {
    stores,
    hints,
    async signIn(user_id, role = 'engineer') {
      if (!(await stores.users.find(user_id))) {
        await stores.users.create({ user_id, username: user_id, password_hash: 'x', role })
      }
      const sign_in_id = randomUUID()
      await stores.signIns.create({
        sign_in_id,
        user_id,
        token_hash: randomUUID(),
        refreshTokenSeconds: 3_600,
        verified_hash: 'x',
      })
      return { user_id, sign_in_id, token: createToken(user_id, sign_in_id) }
    },
    async startNode({ limits, stores: replacedStores, feed, allowedOrigins = [], onAdminView } = {}) {
      nodeCount += 1
      const metrics = createSocketMetrics()
      const app = fastify({ logger: false, return503OnClosing: false })
      // The error handler of the product responds with a problem document. Here the status is enough.
      app.setErrorHandler((_error, _request, reply) => reply.code(404).send())
      const nodeStores = { ...stores, ...replacedStores }
      await app.register(socketsPlugin, {
        nodeId: `node-${nodeCount}`,
        timeline: nodeStores.timeline,
        events: nodeStores.events,
        inbox: nodeStores.inbox,
        recentRows: new RecentRowsCache(nodeStores.inbox),
        uncachedRights: nodeStores.uncachedRights,
        tickets: nodeStores.tickets,
        feed: feed ?? hints.feed(`node-${nodeCount}`),
        verifyToken: (token) => JSON.parse(Buffer.from(token, 'base64url').toString()),
        log: silentLog,
        allowedOrigins,
        ...(onAdminView && { onAdminView }),
        limits: { ...QUICK_LIMITS, ...limits },
        metrics,
      })
      app.get('/plain', async () => 'a response to a request that is no upgrade')
      const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
      t.teardown(() => app.close())
      const openClient: TestNode['openClient'] = (path = '/ws', headers = {}) =>
        openSocketClient(t, `${url}${path}`, headers)
      return {
        url,
        metrics,
        openClient,
        async connect(user) {
          const connected = openClient('/ws', { authorization: `Bearer ${user.token}` })
          await connected.next('hello')
          return connected
        },
        close: () => app.close(),
      }
    },
    async createEvent(event_id, access = 'open', members = {}) {
      await stores.events.create({
        event_id,
        event_name: event_id,
        message: 'm',
        context: '',
        severity: 'high',
        source: 'test',
        access,
        tlp: 'amber',
        created_by: null,
      })
      for (const [user_id, role] of Object.entries(members)) await stores.events.putMember(event_id, user_id, role)
    },
    async postMessage(event_id, text, { isPublished = true } = {}) {
      const result = await stores.messages.post({
        message_id: randomUUID(),
        event_id,
        user_id: 'somebody',
        category: 'room',
        message_from: 'somebody',
        message_type: 'chat',
        content: { content: text },
        round_id: null,
        audience: 'all',
      })
      if (isPublished) publish(result)
      return result
    },
    async askQuestion(event_id, user) {
      const result = await stores.messages.ask({
        event_id,
        user_id: user.user_id,
        text: 'what now?',
        client_message_id: null,
        request_hash: 'x',
        session_id: null,
        visibility: null,
        model: null,
        forbidden_tlp: [],
        max_rounds: 100,
        question_id: randomUUID(),
        reply_id: randomUUID(),
        new_session_id: `chat_${randomUUID()}`,
      })
      publish(result)
      const { question, reply, session_id } = result
      return { question_id: question.message.message_id, reply_id: reply.message.message_id, session_id }
    },
    async claimReply(message_id) {
      const claim = await stores.replies.claim(message_id, 60_000)
      if (!claim) throw new Error('The reply cannot be claimed.')
      return claim
    },
    openReplyStream: (event_id, message_id, attempt) => hints.replyStreams.open({ message_id, attempt }, event_id),
    async finishReply({ row }, text) {
      const ref = { message_id: row.message.message_id, attempt: row.attempt }
      const finished = await stores.replies.finish(ref, { type: 'chat', content: { content: text } })
      if (finished) publish(finished)
    },
  }
}
