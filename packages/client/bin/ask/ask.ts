import type { EventEmitter } from 'node:events'
import type { Message, SendResult } from '@engineer-chat/protocol'
import { type Client, openSocket, type Room } from '../../src/index.ts'
import type { Arguments } from './arguments.ts'
import { findRemoteProduct, findRunningProduct, PrerequisiteError } from './running-product.ts'
import { showControlCharacters } from './show-control-characters.ts'
import { type AskTexts, chooseTexts } from './texts.ts'

/** Describes the part of `process` that `ask` uses. It emits SIGINT on Ctrl-C. */
export interface Terminal extends Pick<EventEmitter, 'on' | 'off'> {
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown }
}

const ANSWERED = 0
const FAILED = 1
/** Shells report this code for a program that Ctrl-C ended. */
export const INTERRUPTED = 130

/** Reports that a second Ctrl-C ended the wait for the cancelled reply. */
export class InterruptedError extends Error {}

/**
 * Asks, shows the answer while it is written, and returns the exit code.
 * @throws InterruptedError; PrerequisiteError; the errors of the client
 */
export async function ask(args: Arguments, terminal: Terminal): Promise<number> {
  const product = args.remote ? findRemoteProduct(args.remote) : await findRunningProduct(args.dataFolder)
  const client = await product.signIn(args.user)
  const event_id = args.event ?? product.demoEventId
  if (event_id === undefined) throw new PrerequisiteError('There is no demo event. Choose an event with --event=ID.')
  const texts = chooseTexts(args.question)
  const { event_name } = await client.getEvent(event_id)
  terminal.stdout.write(
    `${texts.formatHeading(args.user, showControlCharacters(event_name))}\n${showControlCharacters(args.question)}\n\n`,
  )

  const socket = openSocket(client)
  const room = socket.openRoom(event_id)
  try {
    const sendResult = await client.sendQuestion({
      event_id,
      message: args.question,
      ...(await chooseSession(client, event_id, args)),
    })
    const reply = await showReply(client, room, sendResult, texts, terminal)
    terminal.stdout.write(`\n\n${texts.formatSessionLine(sendResult)}\n`)
    if (reply.message_content.finish_reason === 'cancelled') return INTERRUPTED
    return reply.message_type === 'error' ? FAILED : ANSWERED
  } finally {
    socket.close()
  }
}

async function chooseSession(client: Client, event_id: string, args: Arguments): Promise<{ session_id?: string }> {
  if (args.session === undefined) return {}
  if (args.session !== 'new') return { session_id: args.session }
  const { session_id } = await client.createSession({ event_id })
  return { session_id }
}

/** Prints a reply while it is written, and returns its final row. Ctrl-C cancels it; a second Ctrl-C stops waiting. */
async function showReply(
  client: Client,
  room: Room,
  { ai_message }: SendResult,
  texts: AskTexts,
  terminal: Terminal,
): Promise<Message> {
  const stopping = new AbortController()
  let isCancelling = false
  const onInterrupt = () => {
    if (isCancelling) return stopping.abort(new InterruptedError(texts.cancelled))
    isCancelling = true
    terminal.stderr.write(`\n${texts.cancelling}\n`)
    client.cancelReply(ai_message.message_id).catch((error: unknown) => stopping.abort(error))
  }
  terminal.on('SIGINT', onInterrupt)
  try {
    const updates = room.follow(ai_message, stopping.signal)
    for (;;) {
      const next = await updates.next()
      if (next.done) return next.value // The generator returns the final row.
      const update = next.value
      terminal.stdout.write(update.type === 'reset' ? `\n\n${texts.restarted}\n\n` : showControlCharacters(update.text))
    }
  } finally {
    terminal.off('SIGINT', onInterrupt)
  }
}
