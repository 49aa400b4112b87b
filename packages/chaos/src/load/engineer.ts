import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SendResult } from '@engineer-chat/protocol'
import { MAIN_MODEL, RARE_MODEL } from '../cluster/models.ts'
import type { Random, Weighted } from '../random.ts'
import type { Caller } from './caller.ts'
import { createMarker, type Ledger, type Question } from './ledger.ts'

const CHAT_PATH = '/api/engineer-chat'
/** An engineer asks nothing more while this many of their questions are unanswered. */
const MAX_OPEN_QUESTIONS = 6
/** This part of the questions names the model that takes few calls in a minute. */
const RARE_MODEL_PART = 0.06

/** Acts as an engineer: asks, cancels, retries, shares, posts and reads in a random order until `stop` is aborted. */
export async function runEngineer(
  caller: Caller,
  { events, ledger, random, signal }: { events: string[]; ledger: Ledger; random: Random; signal: AbortSignal },
): Promise<void> {
  const ownQuestions: Question[] = []
  const findLastAccepted = () => ownQuestions.findLast((question) => question.accepted)?.accepted
  const changeReply = async (verb: 'cancel' | 'retry', reply_id?: string): Promise<void> => {
    if (!reply_id) return
    if (verb === 'retry') ledger.retried.add(reply_id)
    await caller.repeat('POST', `${CHAT_PATH}/messages/${reply_id}/${verb}`)
  }
  const askUnlessMany = async (): Promise<void> => {
    if (ledger.countOpenQuestions(caller.user_id) >= MAX_OPEN_QUESTIONS) return
    const model = random.drawBoolean(RARE_MODEL_PART) ? RARE_MODEL : MAIN_MODEL
    ownQuestions.push(await ask(caller, random.pick(events), model, ledger))
  }
  const pickReplyToRetry = () =>
    random.pick([findLastAccepted(), ownQuestions[random.drawInteger(0, ownQuestions.length)]?.accepted])
  const actions: Array<Weighted<() => Promise<unknown>>> = [
    [60, askUnlessMany],
    [8, async () => changeReply('cancel', findLastAccepted()?.reply_id)],
    [8, async () => changeReply('retry', pickReplyToRetry()?.reply_id)],
    [4, async () => share(caller, findLastAccepted()?.session_id, ledger)],
    [6, async () => startSession(caller, random.pick(events), random.drawBoolean(0.3), ledger)],
    [8, async () => postNote(caller, random.pick(events), ledger)],
    [6, async () => readAll(caller, random.pick(events))],
  ]
  while (!signal.aborted) {
    const act = random.pickWeighted(actions)
    await act()
    await sleep(random.drawInteger(20, 600))
  }
}

/** Sends one question until it is accepted, each time with the same idempotency key. */
async function ask(caller: Caller, event_id: string, model: string, ledger: Ledger): Promise<Question> {
  const marker = createMarker('question')
  const text = `question ${ledger.questions.length} about ${marker}`
  const question: Question = { text, marker, idempotencyKey: randomUUID(), user_id: caller.user_id, event_id, model }
  ledger.questions.push(question)
  for (;;) {
    const body = { event_id, message: `@AI ${text}`, client_message_id: question.idempotencyKey, model }
    const answer = await caller.repeat<SendResult & { code?: string }>('POST', `${CHAT_PATH}/send`, body)
    if (answer.status === 200 && answer.body) {
      const { session_id, user_message, ai_message } = answer.body
      const ids = { session_id, question_id: user_message.message_id, reply_id: ai_message.message_id }
      question.accepted = { ...ids, atMs: performance.now() }
      return question
    }
    if (answer.body?.code !== 'session_round_limit') {
      ledger.addViolation(`a question was refused with ${answer.status} ${answer.body?.code}`)
      return question
    }
    await startSession(caller, event_id, false, ledger)
  }
}

async function share(caller: Caller, session_id: string | undefined, ledger: Ledger): Promise<void> {
  if (session_id === undefined) return
  if (!ledger.sharedAtMs.has(session_id)) ledger.sharedAtMs.set(session_id, Date.now())
  await caller.repeat('POST', `${CHAT_PATH}/sessions/${session_id}/share`)
}

async function startSession(caller: Caller, event_id: string, isShared: boolean, ledger: Ledger): Promise<void> {
  const body = { event_id, visibility: isShared ? 'room' : 'private' }
  if (isShared) ledger.sharedFromStart.add(`${caller.user_id} ${event_id}`)
  await caller.repeat('POST', `${CHAT_PATH}/new-session`, body)
}

async function postNote(caller: Caller, event_id: string, ledger: Ledger): Promise<void> {
  const post = { marker: createMarker('post'), event_id, accepted: false }
  ledger.posts.push(post)
  const body = { message: `a note for all: ${post.marker}`, client_message_id: post.marker }
  const { status } = await caller.repeat('POST', `/api/events/${event_id}/messages`, body)
  post.accepted = status === 201
  if (!post.accepted) ledger.addViolation(`a post was refused with ${status}`)
}

async function readAll(caller: Caller, event_id: string): Promise<void> {
  await caller.call('GET', `/api/events/${event_id}/messages?limit=100`)
  await caller.call('GET', `${CHAT_PATH}/history?event_id=${event_id}&limit=100`)
  await caller.call('GET', `${CHAT_PATH}/status?event_id=${event_id}`)
  await caller.call('GET', `${CHAT_PATH}/sessions?event_id=${event_id}`)
}
