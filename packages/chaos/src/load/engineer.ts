import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sent } from '@engineer-chat/protocol'
import type { Random } from '../random.ts'
import type { Caller } from './caller.ts'
import { createWord, type Ledger, type Question } from './ledger.ts'

const CHAT = '/api/engineer-chat'

/** Acts as an engineer: asks, cancels, retries, shares, posts and reads in a random order until `stop` is aborted. */
export async function runEngineer(
  who: Caller,
  { events, ledger, random, stop }: { events: string[]; ledger: Ledger; random: Random; stop: AbortSignal },
): Promise<void> {
  const mine: Question[] = []
  const last = () => mine.findLast((question) => question.accepted)?.accepted
  const actions: Array<[weight: number, act: () => Promise<unknown>]> = [
    [60, async () => mine.push(await ask(who, random.pick(events), ledger))],
    [8, async () => onReply('cancel', last()?.reply_id)],
    [8, async () => onReply('retry', random.pick([last(), mine[random.between(0, mine.length)]?.accepted])?.reply_id)],
    [4, async () => share(who, last()?.session_id, ledger)],
    [6, async () => startSession(who, random.pick(events), random.chance(0.3), ledger)],
    [8, async () => postNote(who, random.pick(events), ledger)],
    [6, async () => readAll(who, random.pick(events))],
  ]
  const onReply = (verb: 'cancel' | 'retry', reply_id?: string) =>
    reply_id ? who.repeat('POST', `${CHAT}/messages/${reply_id}/${verb}`) : Promise.resolve()
  while (!stop.aborted) {
    let rest = random.next() * actions.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, act] of actions) {
      rest -= weight
      if (rest >= 0) continue
      await act()
      break
    }
    await sleep(random.between(20, 600))
  }
}

/** Asks a question with one key until it is accepted. */
async function ask(who: Caller, event_id: string, ledger: Ledger): Promise<Question> {
  const word = createWord('zq')
  const text = `question ${ledger.questions.length} about ${word}`
  const question: Question = { text, word, key: randomUUID(), user_id: who.user_id, event_id }
  ledger.questions.push(question)
  for (;;) {
    const body = { event_id, message: `@AI ${text}`, client_message_id: question.key }
    const answer = await who.repeat<Sent & { code?: string }>('POST', `${CHAT}/send`, body)
    if (answer.status === 200 && answer.body) {
      const { session_id, user_message, ai_message } = answer.body
      question.accepted = { session_id, question_id: user_message.message_id, reply_id: ai_message.message_id }
      return question
    }
    if (answer.body?.code !== 'session_round_limit') {
      ledger.violation(`a question was refused with ${answer.status} ${answer.body?.code}`)
      return question
    }
    await startSession(who, event_id, false, ledger)
  }
}

async function share(who: Caller, session_id: string | undefined, ledger: Ledger): Promise<void> {
  if (session_id === undefined) return
  if (!ledger.sharedAt.has(session_id)) ledger.sharedAt.set(session_id, Date.now())
  await who.repeat('POST', `${CHAT}/sessions/${session_id}/share`)
}

async function startSession(who: Caller, event_id: string, isShared: boolean, ledger: Ledger): Promise<void> {
  const body = { event_id, visibility: isShared ? 'room' : 'private' }
  if (isShared) ledger.startedShared.add(`${who.user_id} ${event_id}`)
  await who.repeat('POST', `${CHAT}/new-session`, body)
}

async function postNote(who: Caller, event_id: string, ledger: Ledger): Promise<void> {
  const post = { word: createWord('zp'), event_id, accepted: false }
  ledger.posts.push(post)
  const body = { message: `a word to all: ${post.word}`, client_message_id: post.word }
  const { status } = await who.repeat('POST', `/api/events/${event_id}/messages`, body)
  post.accepted = status === 201
  if (!post.accepted) ledger.violation(`a post was refused with ${status}`)
}

async function readAll(who: Caller, event_id: string): Promise<void> {
  await who.call('GET', `/api/events/${event_id}/messages?limit=100`)
  await who.call('GET', `${CHAT}/history?event_id=${event_id}&limit=100`)
  await who.call('GET', `${CHAT}/status?event_id=${event_id}`)
  await who.call('GET', `${CHAT}/sessions?event_id=${event_id}`)
}
