import { createId, createSessionId, sha256 } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { type GoldenRoom, type GoldenSet, listRoomLines } from '@engineer-chat/proof/golden'
import type { EventAccess, MessageContent, Tlp, Visibility } from '@engineer-chat/protocol'

/** A golden room has 15 messages, so a filled room has 315. */
const CHATTER_PER_MESSAGE = 20
const LEASE_MS = 60_000
const READABLE_AUDIENCES = ['all', 'people']

export interface People {
  asker: string
  otherUser: string
}

export interface FilledRoom extends GoldenRoom {
  event_id: string
  /** Maps the ids of the golden messages to their texts. */
  texts: Map<string, string>
}

/**
 * Creates an event and posts the messages of the golden room, with chatter after each. Pins the messages that the
 * golden room marks as pinned.
 */
export async function fillRoom(
  stores: Stores,
  room: GoldenRoom,
  { chatter }: GoldenSet,
  people: People,
): Promise<FilledRoom> {
  const event_id = await createEvent(stores, room.event.event_name, room.event.message)
  for (const { text, pinned } of listRoomLines(room, chatter, CHATTER_PER_MESSAGE)) {
    const message_id = await post(stores, event_id, people.otherUser, text)
    if (pinned) await pin(stores, event_id, message_id, people.otherUser)
  }
  return { ...room, event_id, texts: new Map(room.messages.map(({ id, text }) => [id, text])) }
}

export async function pin({ pins }: Stores, event_id: string, message_id: string, user_id: string): Promise<void> {
  await pins.pin(event_id, message_id, { user_id, audiences: READABLE_AUDIENCES })
}

/**
 * Asks in the user's active session, which is created if there is none. With `isNewSession`, creates one with this
 * visibility first. Returns the id of the reply.
 */
export async function ask(
  { messages, sessions }: Stores,
  event_id: string,
  user_id: string,
  text: string,
  { isNewSession = false, visibility = 'private' }: { isNewSession?: boolean; visibility?: Visibility } = {},
): Promise<string> {
  const max_rounds = 100
  const new_session_id = createSessionId(event_id, user_id)
  if (isNewSession) await sessions.create({ session_id: new_session_id, event_id, user_id, visibility, max_rounds })
  const { reply } = await messages.ask({
    event_id,
    user_id,
    text,
    client_message_id: null,
    request_hash: sha256(text),
    session_id: isNewSession ? new_session_id : null,
    model: null,
    visibility: null,
    max_rounds,
    question_id: createId(),
    reply_id: createId(),
    new_session_id,
    forbidden_tlp: [],
  })
  return reply.message.message_id
}

/** Claims the reply as a worker does, and ends it with this content. */
export async function answer({ replies }: Stores, message_id: string, content: MessageContent): Promise<void> {
  const claim = await replies.claim(message_id, LEASE_MS)
  await replies.finish({ message_id, attempt: claim?.row.attempt ?? 0 }, { type: 'chat', content })
}

export async function createEvent(
  { events }: Stores,
  event_name: string,
  message: string,
  { access = 'open', tlp = 'amber' }: { access?: EventAccess; tlp?: Tlp } = {},
): Promise<string> {
  const event_id = createId()
  const otherFields = { severity: 'high', source: 'golden set', created_by: null, context: '' } as const
  await events.create({ event_id, event_name, message, access, tlp, ...otherFields })
  return event_id
}

export async function createUser({ users }: Stores): Promise<string> {
  const user_id = createId()
  await users.create({ user_id, username: `user-${user_id.slice(-12)}`, password_hash: '-', role: 'engineer' })
  return user_id
}

export async function post({ messages }: Stores, event_id: string, user_id: string, content: string): Promise<string> {
  const { row } = await messages.post({
    message_id: createId(),
    event_id,
    user_id,
    category: 'room',
    message_from: user_id,
    message_type: 'chat',
    content: { content },
    round_id: null,
    audience: 'all',
  })
  return row.message.message_id
}

/** Posts a message with the category of agents' messages. The store does not check the user's role. */
export async function postAsAgent(
  { messages }: Stores,
  event_id: string,
  user_id: string,
  content: string,
): Promise<void> {
  await messages.post({
    message_id: createId(),
    event_id,
    user_id,
    category: 'agent',
    message_from: '_expert',
    message_type: 'result',
    content: { content },
    round_id: 1,
    audience: 'all',
  })
}
