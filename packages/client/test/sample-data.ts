import type {
  AccessGrant,
  Event,
  Hello,
  Message,
  MessageChanged,
  Problem,
  ReplyDelta,
  ReplySnapshot,
  SendResult,
  Subscribed,
  User,
} from '@engineer-chat/protocol'
import type { FakeResponse, ReceivedRequest } from './fake-server.ts'

const CREATED_AT = '2026-01-01T00:00:00.000Z'

export const ROOM = 'event-1'

export const alice: User = {
  user_id: 'u-alice',
  username: 'alice',
  role: 'engineer',
  active: true,
  created_at: CREATED_AT,
}

const createGrant = (tokenNumber: number, expires_in: number): AccessGrant => ({
  access_token: `token-${tokenNumber}`,
  token_type: 'Bearer',
  expires_in,
  user: alice,
})

export const createProblem = (status: number, code: Problem['code']): Problem => ({
  type: 'about:blank',
  title: code,
  status,
  detail: `It is ${code}.`,
  code,
  request_id: 'r-1',
})

/** Creates a responder that signs everybody in. Its tokens, cookies and tickets are numbered from 1. */
export function createSignInResponder(expires_in = 900): (request: ReceivedRequest) => FakeResponse | undefined {
  let tokens = 0
  let tickets = 0
  return ({ path }) => {
    if (path === '/api/auth/login' || path === '/api/auth/refresh') {
      tokens += 1
      const cookie = `refresh_token=cookie-${tokens}; Path=/api/auth; HttpOnly; SameSite=Strict`
      return { body: createGrant(tokens, expires_in), headers: { 'set-cookie': cookie } }
    }
    if (path !== '/api/auth/ws-ticket') return undefined
    tickets += 1
    return { body: { ticket: `ticket-${tickets}`, expires_in: 30 } }
  }
}

export const createEvent = (seq = 0): Event => ({
  event_id: ROOM,
  event_name: 'A beacon',
  message: 'A host calls out every minute.',
  context: '',
  severity: 'high',
  source: 'edr',
  event_status: 'processing',
  access: 'open',
  tlp: 'amber',
  seq,
  summary_version: null,
  created_by: null,
  created_at: CREATED_AT,
  updated_at: CREATED_AT,
})

export const createMessage = (position: number, changes: Partial<Message> = {}): Message => ({
  message_id: `m-${position}`,
  event_id: ROOM,
  position,
  seq: position,
  user_id: null,
  message_from: '_captain',
  message_type: 'system_notification',
  message_category: 'agent',
  sender_type: null,
  chat_session_id: null,
  visibility: 'room',
  reply_to: null,
  round_id: null,
  event_summary_version: null,
  message_content: { content: `text ${position}` },
  created_at: CREATED_AT,
  updated_at: CREATED_AT,
  ...changes,
})

export const createThinkingReply = (position: number, seq = position): Message =>
  createMessage(position, {
    seq,
    message_from: 'ai_assistant',
    message_type: 'thinking',
    message_category: 'engineer_chat',
    sender_type: 'ai',
    visibility: 'private',
    reply_to: `m-${position - 1}`,
    message_content: { content: '' },
  })

export const createAnsweredReply = (position: number, seq: number, content: string): Message => ({
  ...createThinkingReply(position, seq),
  message_type: 'chat',
  message_content: { content, finish_reason: 'stop' },
})

export const createSendResult = (position = 1): SendResult => ({
  status: 'success',
  ai_processing: true,
  session_id: 'chat_00000000_00000000',
  round: 1,
  max_rounds: 10,
  summary_updated: false,
  user_message: createMessage(position),
  ai_message: createThinkingReply(position + 1),
})

export const createHello = (heartbeat_interval_ms = 60_000): Hello => ({
  type: 'hello',
  connection_id: 'c-1',
  protocol: 1,
  user_id: alice.user_id,
  heartbeat_interval_ms,
})

export const createSubscribed = (seq: number, messages: Message[] = [], { reset = true } = {}): Subscribed => ({
  type: 'subscribed',
  event_id: ROOM,
  seq,
  reset,
  event: createEvent(seq),
  messages,
  has_more: false,
})

export const createMessageChanged = (row: Message): MessageChanged => ({
  type: 'message',
  event_id: ROOM,
  seq: row.seq,
  message: row,
})

export const createDelta = (
  message_id: string,
  fields: Pick<ReplyDelta, 'attempt' | 'index' | 'text'>,
): ReplyDelta => ({
  type: 'delta',
  event_id: ROOM,
  message_id,
  ...fields,
})

export const createSnapshot = (
  message_id: string,
  fields: Pick<ReplySnapshot, 'attempt' | 'next_index' | 'text'>,
): ReplySnapshot => ({
  type: 'snapshot',
  event_id: ROOM,
  message_id,
  ...fields,
})
