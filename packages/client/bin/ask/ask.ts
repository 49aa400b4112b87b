import type { EventEmitter } from 'node:events'
import type { Message, Sent } from '@engineer-chat/protocol'
import { type Client, openSocket, type Room } from '../../src/index.ts'
import type { Arguments } from './arguments.ts'
import { type Words, wordsFor } from './messages.ts'
import { printable } from './printable.ts'
import { NotThere, runningProduct } from './running-product.ts'

/** Where the words go, and where Ctrl-C comes from. */
export interface Terminal extends Pick<EventEmitter, 'on' | 'off'> {
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown }
}

const ANSWERED = 0
const FAILED = 1
const INTERRUPTED = 130

/** Asks, shows the answer while it is written, and gives the exit code. */
export async function ask(args: Arguments, terminal: Terminal): Promise<number> {
  const product = await runningProduct(args.data)
  const client = await product.signIn(args.user)
  const event_id = args.event ?? product.demo_event_id
  if (event_id === undefined) throw new NotThere('There is no demo event: say which one with --event=ID.')
  const words = wordsFor(args.question)
  const { event_name } = await client.event(event_id)
  terminal.stdout.write(`${words.asks(args.user, printable(event_name))}\n${printable(args.question)}\n\n`)

  const socket = openSocket(client)
  const room = socket.room(event_id)
  try {
    const sent = await client.send({ event_id, message: args.question, ...(await session(client, event_id, args)) })
    const row = await show(client, room, sent, words, terminal)
    terminal.stdout.write(`\n\n${words.asked(sent)}\n`)
    if (row.message_content.finish_reason === 'cancelled') return INTERRUPTED
    return row.message_type === 'error' ? FAILED : ANSWERED
  } finally {
    socket.close()
  }
}

async function session(client: Client, event_id: string, args: Arguments): Promise<{ session_id?: string }> {
  if (args.session === undefined) return {}
  if (args.session !== 'new') return { session_id: args.session }
  const { session_id } = await client.newSession({ event_id })
  return { session_id }
}

async function show(client: Client, room: Room, sent: Sent, words: Words, terminal: Terminal): Promise<Message> {
  const left = new AbortController()
  let asked = false
  const interrupted = () => {
    if (asked) return left.abort(new NotThere(words.cancelled))
    asked = true
    terminal.stderr.write(`\n${words.cancelling}\n`)
    client.cancel(sent.ai_message.message_id).catch((error: unknown) => left.abort(error))
  }
  terminal.on('SIGINT', interrupted)
  try {
    const reply = room.follow(sent.ai_message, left.signal)
    for (;;) {
      const step = await reply.next()
      if (step.done) return step.value
      const { value: news } = step
      terminal.stdout.write(news.type === 'reset' ? `\n\n${words.again}\n\n` : printable(news.text))
    }
  } finally {
    terminal.off('SIGINT', interrupted)
  }
}
