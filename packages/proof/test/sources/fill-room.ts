import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { createId, createSessionId, sha256 } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { type GoldenRoom, type GoldenSet, listRoomLines } from '@engineer-chat/proof/golden'

const CHATTER_PER_MESSAGE = 10
const PEOPLE = ['all', 'people']

export interface People {
  asker: string
  other: string
}

export interface FilledRoom extends GoldenRoom {
  event_id: string
  /** Maps the ids of the golden messages to their texts. */
  texts: Map<string, string>
}

/** Makes a word that stands in one text only. */
export type MakeCanary = () => string

/** Posts what people wrote in the room, with chatter between, and pins what they pinned. */
export async function fillRoom(
  stores: Stores,
  room: GoldenRoom,
  { chatter }: GoldenSet,
  people: People,
): Promise<FilledRoom> {
  const event_id = await createEvent(stores, room.event.event_name, room.event.message)
  for (const { text, pinned } of listRoomLines(room, chatter, CHATTER_PER_MESSAGE)) {
    const message_id = await post(stores, event_id, people.other, text)
    if (pinned) await stores.pins.pin(event_id, message_id, { user_id: people.other, audiences: PEOPLE })
  }
  return { ...room, event_id, texts: new Map(room.messages.map(({ id, text }) => [id, text])) }
}

/**
 * Adds what no prompt may hold: copies of what the questions need, so that they would fit as well, each with a canary.
 * They are in agents' messages, private sessions of another and of the asker, and in a restricted event.
 */
export async function addCanaries(
  stores: Stores,
  { event_id, messages, event }: FilledRoom,
  { asker, other }: People,
  makeCanary: MakeCanary,
): Promise<void> {
  const restricted = await createEvent(stores, event.event_name, event.message, 'restricted')
  for (const { text } of messages.slice(0, 10)) {
    await postAsAgent(stores, event_id, other, `${text} ${makeCanary()}`)
    await post(stores, restricted, other, `${text} ${makeCanary()}`)
    for (const user_id of [other, asker]) {
      const ref = await ask(stores, event_id, user_id, `${text} ${makeCanary()}`, { isNewSession: true })
      await answer(stores, ref, `${text} ${makeCanary()}`)
    }
  }
}

export async function followRoom(stores: Stores, event_id: string): Promise<void> {
  while (await stores.textIndex.readNextMessages(event_id, 500, TEXT_RULES));
}

/** Asks in the asker's active private session, or in a new one. Returns the id of the reply. */
export async function ask(
  { messages, sessions }: Stores,
  event_id: string,
  user_id: string,
  text: string,
  { isNewSession = false } = {},
): Promise<string> {
  const max_rounds = 100
  const new_session_id = createSessionId(event_id, user_id)
  if (isNewSession)
    await sessions.create({ session_id: new_session_id, event_id, user_id, visibility: 'private', max_rounds })
  const { reply } = await messages.ask({
    ...{ event_id, user_id, text, client_message_id: null, request_hash: sha256(text), session_id: null, model: null },
    ...{
      visibility: null,
      max_rounds,
      question_id: createId(),
      reply_id: createId(),
      new_session_id,
      forbidden_tlp: [],
    },
  })
  return reply.message.message_id
}

async function answer({ replies }: Stores, message_id: string, content: string): Promise<void> {
  const claim = await replies.claim(message_id, 60_000)
  await replies.finish({ message_id, attempt: claim?.row.attempt ?? 0 }, { type: 'chat', content: { content } })
}

export async function createEvent(
  { events }: Stores,
  event_name: string,
  message: string,
  access: 'open' | 'restricted' = 'open',
): Promise<string> {
  const event_id = createId()
  const common = { severity: 'high', source: 'golden set', tlp: 'amber', created_by: null, context: '' } as const
  await events.create({ event_id, event_name, message, access, ...common })
  return event_id
}

export async function createUser({ users }: Stores): Promise<string> {
  const user_id = createId()
  await users.create({ user_id, username: `user-${user_id.slice(-12)}`, password_hash: '-', role: 'engineer' })
  return user_id
}

export async function post({ messages }: Stores, event_id: string, user_id: string, content: string): Promise<string> {
  const { row } = await messages.post({
    ...{ message_id: createId(), event_id, user_id, category: 'room', message_from: user_id, message_type: 'chat' },
    ...{ content: { content }, round_id: null, audience: 'all' },
  })
  return row.message.message_id
}

async function postAsAgent({ messages }: Stores, event_id: string, user_id: string, content: string): Promise<void> {
  await messages.post({
    ...{
      message_id: createId(),
      event_id,
      user_id,
      category: 'agent',
      message_from: '_expert',
      message_type: 'result',
    },
    ...{ content: { content }, round_id: 1, audience: 'all' },
  })
}
