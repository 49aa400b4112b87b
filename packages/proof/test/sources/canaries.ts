import { splitDocument } from '@engineer-chat/chat/documents'
import { PIECE_RULES } from '@engineer-chat/chat/ranking'
import type { Stores } from '@engineer-chat/chat/stores'
import { type GoldenSet, indexRoom } from '@engineer-chat/proof/golden'
import { answer, ask, createEvent, type FilledRoom, type People, pin, post, postAsAgent } from './fill-room.ts'

/** Creates a canary: a word that occurs in only one text. */
export type MakeCanary = () => string

const COPIED_MESSAGES = 10
const RED_COPIED_MESSAGES = 3
const KEPT_VERSIONS = 1
const BATCH_SIZE = 100

/**
 * Adds texts that no prompt may contain: copies of the room's first ten messages, each with a canary. The copies fit
 * the questions that need these messages. They are messages of agents and of a restricted event, and questions and
 * answers in private sessions of another user and of the asker, who later asks each question in a new session.
 */
export async function addCanaries(
  stores: Stores,
  { event_id, messages, event }: FilledRoom,
  { asker, otherUser }: People,
  makeCanary: MakeCanary,
): Promise<void> {
  const eventMessage = `${event.message} ${makeCanary()}`
  const restrictedEventId = await createEvent(stores, event.event_name, eventMessage, { access: 'restricted' })
  for (const { text } of messages.slice(0, COPIED_MESSAGES)) {
    await postAsAgent(stores, event_id, otherUser, `${text} ${makeCanary()}`)
    await post(stores, restrictedEventId, otherUser, `${text} ${makeCanary()}`)
    for (const user_id of [otherUser, asker]) {
      const reply_id = await ask(stores, event_id, user_id, `${text} ${makeCanary()}`, { isNewSession: true })
      await answer(stores, reply_id, { content: `${text} ${makeCanary()}` })
    }
  }
  await indexRoom(stores, restrictedEventId)
}

/**
 * Adds texts with canaries that no model outside may read: a red event with posts, which is similar to the room's
 * event, and answers in shared sessions of the room. These answers had a red document as their source. One is pinned.
 */
export async function addRedCanaries(
  stores: Stores,
  { event_id, messages, event }: FilledRoom,
  { otherUser }: People,
  makeCanary: MakeCanary,
): Promise<void> {
  const eventMessage = `${event.message} ${makeCanary()}`
  const redEventId = await createEvent(stores, event.event_name, eventMessage, { tlp: 'red' })
  for (const [index, { text }] of messages.slice(0, RED_COPIED_MESSAGES).entries()) {
    await post(stores, redEventId, otherUser, `${text} ${makeCanary()}`)
    const reply_id = await ask(stores, event_id, otherUser, 'What is known?', {
      isNewSession: true,
      visibility: 'room',
    })
    const sources = [{ id: 'doc1', kind: 'document' as const, label: 'A red document', tlp: 'red' as const }]
    await answer(stores, reply_id, { content: `${text} ${makeCanary()}`, sources })
    if (index === 0) await pin(stores, event_id, reply_id, otherUser)
  }
  await indexRoom(stores, redEventId)
}

/** Adds a red copy of each document that a question needs, with a canary in each paragraph except the last one. */
export async function addRedDocuments(
  stores: Stores,
  { documents, rooms }: GoldenSet,
  makeCanary: MakeCanary,
): Promise<void> {
  const needed = new Set(
    rooms.flatMap(({ questions }) =>
      questions.flatMap((question) => ('document' in question ? question.document : [])),
    ),
  )
  for (const { id, ...document } of documents) {
    if (!needed.has(id)) continue
    const content = document.content.replaceAll('\n\n', () => ` ${makeCanary()}\n\n`)
    const names = { import_key: `red ${id}`, path: `red/${id}.md` }
    const redDocument = { ...document, ...names, content, pieces: splitDocument(content), tlp: 'red' as const }
    await stores.documents.importDocument(redDocument, KEPT_VERSIONS)
  }
  while (await stores.textIndex.indexNextPieces(BATCH_SIZE, PIECE_RULES));
}
