import type { Message } from '@engineer-chat/protocol'
import { sleep } from '../backoff.ts'
import type { Client } from '../client.ts'
import { ApiProblem, createMessageRemovedProblem, isTransient } from '../problem.ts'
import { findMessage, findReplyInProgress, isThinking, type RoomState } from '../room/state.ts'
import { addMessages } from '../room/state-updates.ts'
import type { ReplyUpdate } from './reply-update.ts'
import type { Room } from './room-interface.ts'

/** A row is read again after this time, or after the time that the server asks to wait, up to the limit. */
const READ_RETRY_MS = 500
const MAX_READ_RETRY_MS = 60_000

/** Reports that the server refused the room while a reply was followed. */
export class RoomRefusedError extends Error {
  readonly code: string

  constructor(code: string) {
    super(`The server refused the room: ${code}.`)
    this.name = 'RoomRefusedError'
    this.code = code
  }
}

/** Reports that the caller closed the room or the socket while a reply was followed, or before. */
export class RoomClosedError extends Error {
  constructor() {
    super('The room was closed.')
    this.name = 'RoomClosedError'
  }
}

/**
 * Yields each text that is added to a reply, and returns the reply's final row. The texts since the last `reset` add
 * up to the row's content, even if deltas were lost or repeated. The signal is aborted when nothing updates the room
 * any longer.
 * @throws RoomRefusedError, ApiProblem; the signal's reason
 */
export async function* followReply(
  room: Room,
  client: Client,
  reply: Message,
  signal?: AbortSignal,
): AsyncGenerator<ReplyUpdate, Message> {
  const changes = watchChanges(room, signal)
  let shownText = ''
  try {
    room.updateState((state) => addMessages(state, [reply]))
    for (;;) {
      signal?.throwIfAborted()
      if (room.state.refusalCode !== null) throw new RoomRefusedError(room.state.refusalCode)
      const row = await readRow(room, client, reply, signal)
      const text = isThinking(row) ? findTextSoFar(room.state, row) : row.message_content.content
      if (text !== undefined && !text.startsWith(shownText)) {
        yield { type: 'reset' }
        shownText = ''
      }
      if (text !== undefined && text !== shownText) {
        yield { type: 'text', text: text.slice(shownText.length) }
        shownText = text
      }
      if (!isThinking(row)) return row
      await changes.next()
    }
  } finally {
    changes.end()
  }
}

/** Returns undefined while the beginning of the text is missing or the text is cut, so that the shown text stays. */
function findTextSoFar(state: RoomState, row: Message): string | undefined {
  const replyInProgress = findReplyInProgress(state, row.message_id)
  if (replyInProgress === undefined || replyInProgress.truncated) return undefined
  return replyInProgress.hasMissingDeltas && replyInProgress.text === '' ? undefined : replyInProgress.text
}

/**
 * Returns the reply's row. It is read by HTTP if the socket truncated it, or if a `subscribed` frame with `reset: true`
 * dropped it from the state.
 * @throws ApiProblem, also if the server has removed the row; the signal's reason
 */
async function readRow(room: Room, client: Client, reply: Message, signal?: AbortSignal): Promise<Message> {
  for (;;) {
    const row = findMessage(room.state, reply.message_id)
    if (row && !row.truncated) return row
    try {
      const { messages } = await client.listMessages(room.event_id, { before: reply.position + 1, limit: 1 })
      room.updateState((state) => addMessages(state, messages))
      const rowOfPage = messages.find((message) => message.message_id === reply.message_id)
      if (rowOfPage === undefined) throw createMessageRemovedProblem()
      return rowOfPage
    } catch (error) {
      if (!isTransient(error)) throw error
      const retryAfterMs = error instanceof ApiProblem ? (error.retryAfterMs ?? 0) : 0
      await sleep(Math.min(Math.max(READ_RETRY_MS, retryAfterMs), MAX_READ_RETRY_MS), signal)
    }
  }
}

/** Creates a watch whose `next` resolves immediately if there was a change since its last call. */
function watchChanges(room: Room, signal?: AbortSignal) {
  let nextChange = Promise.withResolvers<void>()
  const resolveNext = () => nextChange.resolve()
  const removeListener = room.on('change', resolveNext)
  signal?.addEventListener('abort', resolveNext)
  return {
    async next() {
      await nextChange.promise
      nextChange = Promise.withResolvers<void>()
    },
    end() {
      removeListener()
      signal?.removeEventListener('abort', resolveNext)
    },
  }
}
