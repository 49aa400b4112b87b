import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SendResult } from '@engineer-chat/protocol'
import type { Random, Weighted } from '../random.ts'
import { MAIN_MODEL, RARE_MODEL } from '../testbed/models.ts'
import type { Caller } from './caller.ts'
import { createMarker, type Ledger, type Question } from './ledger.ts'

const CHAT_PATH = '/api/engineer-chat'
/** An engineer with this number of unanswered questions asks no further question. */
const MAX_OPEN_QUESTIONS = 6
/** This share of the questions names the model that takes few calls in a minute. */
const RARE_MODEL_SHARE = 0.06

/**
 * Acts as an engineer until `signal` is aborted: asks, cancels, retries, shares, starts sessions, posts and reads, in a
 * random order.
 */
export async function runEngineer(
  caller: Caller,
  { eventIds, ledger, random, signal }: { eventIds: string[]; ledger: Ledger; random: Random; signal: AbortSignal },
): Promise<void> {
  const ownQuestions: Question[] = []
  const findLastAccepted = () => ownQuestions.findLast((question) => question.accepted)?.accepted
  const changeReply = async (verb: 'cancel' | 'retry', reply_id?: string): Promise<void> => {
    if (!reply_id) return
    if (verb === 'retry') ledger.retriedReplyIds.add(reply_id)
    await caller.callWithRetries('POST', `${CHAT_PATH}/messages/${reply_id}/${verb}`)
  }
  const askIfBelowLimit = async (): Promise<void> => {
    if (ledger.countOpenQuestions(caller.user_id) >= MAX_OPEN_QUESTIONS) return
    const model = random.drawBoolean(RARE_MODEL_SHARE) ? RARE_MODEL : MAIN_MODEL
    ownQuestions.push(await ask(caller, random.pick(eventIds), model, ledger))
  }
  /** Picks the newest accepted question in half of the cases, and otherwise any question. */
  const pickReplyToRetry = () =>
    ownQuestions.length === 0 ? undefined : random.pick([findLastAccepted(), random.pick(ownQuestions).accepted])
  const actions: Array<Weighted<() => Promise<unknown>>> = [
    [60, askIfBelowLimit],
    [8, async () => changeReply('cancel', findLastAccepted()?.reply_id)],
    [8, async () => changeReply('retry', pickReplyToRetry()?.reply_id)],
    [4, async () => share(caller, findLastAccepted()?.session_id, ledger)],
    [6, async () => startSession(caller, random.pick(eventIds), random.drawBoolean(0.3), ledger)],
    [8, async () => postMessage(caller, random.pick(eventIds), ledger)],
    [6, async () => readRoom(caller, random.pick(eventIds))],
  ]
  while (!signal.aborted) {
    const runAction = random.pickWeighted(actions)
    await runAction()
    await sleep(random.drawInteger(20, 600))
  }
}

/**
 * Sends one question until it is accepted, each time with the same idempotency key. If its session has reached the
 * limit of rounds, a new session is started. Any other refusal is a violation, and the question is not sent again.
 */
async function ask(caller: Caller, event_id: string, model: string, ledger: Ledger): Promise<Question> {
  const marker = createMarker('question')
  const text = `question ${ledger.questions.length} about ${marker}`
  const question: Question = { text, marker, idempotencyKey: randomUUID(), user_id: caller.user_id, event_id, model }
  ledger.questions.push(question)
  for (;;) {
    const body = { event_id, message: `@AI ${text}`, client_message_id: question.idempotencyKey, model }
    const result = await caller.callWithRetries<SendResult & { code?: string }>('POST', `${CHAT_PATH}/send`, body)
    if (result.status === 200 && result.body) {
      const { session_id, user_message, ai_message } = result.body
      const ids = { session_id, question_id: user_message.message_id, reply_id: ai_message.message_id }
      question.accepted = { ...ids, atMs: performance.now() }
      return question
    }
    if (result.body?.code !== 'session_round_limit') {
      ledger.addViolation(`a question was refused with ${result.status} ${result.body?.code}`)
      return question
    }
    await startSession(caller, event_id, false, ledger)
  }
}

async function share(caller: Caller, session_id: string | undefined, ledger: Ledger): Promise<void> {
  if (session_id === undefined) return
  if (!ledger.sharedAtEpochMs.has(session_id)) ledger.sharedAtEpochMs.set(session_id, Date.now())
  await caller.callWithRetries('POST', `${CHAT_PATH}/sessions/${session_id}/share`)
}

async function startSession(caller: Caller, event_id: string, isShared: boolean, ledger: Ledger): Promise<void> {
  const body = { event_id, visibility: isShared ? 'room' : 'private' }
  if (isShared) ledger.sharedFromStart.add(`${caller.user_id} ${event_id}`)
  await caller.callWithRetries('POST', `${CHAT_PATH}/new-session`, body)
}

async function postMessage(caller: Caller, event_id: string, ledger: Ledger): Promise<void> {
  const post = { marker: createMarker('post'), event_id, accepted: false }
  ledger.posts.push(post)
  const body = { message: `a note for all: ${post.marker}`, client_message_id: post.marker }
  const { status } = await caller.callWithRetries('POST', `/api/events/${event_id}/messages`, body)
  post.accepted = status === 201
  if (!post.accepted) ledger.addViolation(`a post was refused with ${status}`)
}

async function readRoom(caller: Caller, event_id: string): Promise<void> {
  await caller.call('GET', `/api/events/${event_id}/messages?limit=100`)
  await caller.call('GET', `${CHAT_PATH}/history?event_id=${event_id}&limit=100`)
  await caller.call('GET', `${CHAT_PATH}/status?event_id=${event_id}`)
  await caller.call('GET', `${CHAT_PATH}/sessions?event_id=${event_id}`)
}
