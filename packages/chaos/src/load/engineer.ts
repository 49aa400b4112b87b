import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sent } from '@engineer-chat/protocol'
import type { Random } from '../random.ts'
import type { Caller } from './caller.ts'
import { type Ledger, newWord, type Question } from './ledger.ts'

const CHAT = '/api/engineer-chat'

/** Asks, cancels, retries, shares, posts and reads, in an order of chance, until it is told to stop. */
export async function engineer(
  who: Caller,
  { events, ledger, random, stop }: { events: string[]; ledger: Ledger; random: Random; stop: AbortSignal },
): Promise<void> {
  const mine: Question[] = []
  const last = () => mine.findLast((question) => question.accepted)?.accepted
  const doings: Array<[weight: number, act: () => Promise<unknown>]> = [
    [60, async () => mine.push(await ask(who, random.pick(events), ledger))],
    [8, async () => onReply('cancel', last()?.reply_id)],
    [8, async () => onReply('retry', random.pick([last(), mine[random.between(0, mine.length)]?.accepted])?.reply_id)],
    [4, async () => share(who, last()?.session_id, ledger)],
    [6, async () => newSession(who, random.pick(events), random.chance(0.3), ledger)],
    [8, async () => post(who, random.pick(events), ledger)],
    [6, async () => look(who, random.pick(events))],
  ]
  const onReply = (verb: 'cancel' | 'retry', reply_id?: string) =>
    reply_id ? who.insist('POST', `${CHAT}/messages/${reply_id}/${verb}`) : Promise.resolve()
  while (!stop.aborted) {
    let rest = random.next() * doings.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, act] of doings) {
      rest -= weight
      if (rest >= 0) continue
      await act()
      break
    }
    await sleep(random.between(20, 600))
  }
}

/** With one key, until it is accepted. */
async function ask(who: Caller, event_id: string, ledger: Ledger): Promise<Question> {
  const word = newWord('zq')
  const text = `question ${ledger.questions.length} about ${word}`
  const question: Question = { text, word, key: randomUUID(), user_id: who.user_id, event_id }
  ledger.questions.push(question)
  for (;;) {
    const body = { event_id, message: `@AI ${text}`, client_message_id: question.key }
    const answer = await who.insist<Sent & { code?: string }>('POST', `${CHAT}/send`, body)
    if (answer.status === 200) {
      const { session_id, user_message, ai_message } = answer.body
      question.accepted = { session_id, question_id: user_message.message_id, reply_id: ai_message.message_id }
      return question
    }
    if (answer.body?.code !== 'session_round_limit') {
      ledger.violation(`a question was refused with ${answer.status} ${answer.body?.code}`)
      return question
    }
    await newSession(who, event_id, false, ledger)
  }
}

async function share(who: Caller, session_id: string | undefined, ledger: Ledger): Promise<void> {
  if (session_id === undefined) return
  if (!ledger.shownAt.has(session_id)) ledger.shownAt.set(session_id, Date.now())
  await who.insist('POST', `${CHAT}/sessions/${session_id}/share`)
}

async function newSession(who: Caller, event_id: string, shown: boolean, ledger: Ledger): Promise<void> {
  const body = { event_id, visibility: shown ? 'room' : 'private' }
  if (shown) ledger.begunShown.add(`${who.user_id} ${event_id}`)
  await who.insist('POST', `${CHAT}/new-session`, body)
}

async function post(who: Caller, event_id: string, ledger: Ledger): Promise<void> {
  const said = { word: newWord('zp'), event_id, accepted: false }
  ledger.posts.push(said)
  const body = { message: `a word to all: ${said.word}`, client_message_id: said.word }
  const { status } = await who.insist('POST', `/api/events/${event_id}/messages`, body)
  said.accepted = status === 201
  if (!said.accepted) ledger.violation(`a post was refused with ${status}`)
}

async function look(who: Caller, event_id: string): Promise<void> {
  await who.call('GET', `/api/events/${event_id}/messages?limit=100`)
  await who.call('GET', `${CHAT}/history?event_id=${event_id}&limit=100`)
  await who.call('GET', `${CHAT}/status?event_id=${event_id}`)
  await who.call('GET', `${CHAT}/sessions?event_id=${event_id}`)
}
