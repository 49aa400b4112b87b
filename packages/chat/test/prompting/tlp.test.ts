import { buildPrompt, type PromptTarget } from '@engineer-chat/chat/prompting'
import { answerReply } from '@engineer-chat/chat/replying'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { createFinish, createRoomSources, createScriptedLlm } from '@engineer-chat/chat/testing'
import type { AnswerSource } from '@engineer-chat/protocol'
import { test } from 'tap'
import { summarizeHistory } from '../../src/asking/carry-over-summary.ts'
import { aQuestion, SCOPE } from '../../testing/contracts/harness.ts'
import { startWorker } from '../replying/reply-harness.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const notAborted = new AbortController().signal
const CREATED_AT = '2026-01-31T13:00:00.000Z'
const NOTE = { message_id: 'm1', position: 5, author: 'bob', content: 'I isolated it.', created_at: CREATED_AT }
const RED = { ...NOTE, message_id: 'm2', position: 6, content: 'Call the insider.', tlp: 'red' as const }
const INSIDE = { ...MODEL, inside: true }

const writeTurns = (context: ReplyContext, model: PromptTarget): string =>
  JSON.stringify(buildPrompt(context, model, SETTINGS).turns)

test('[TLP6] an answer that used a red document reaches no model outside, in the room or in the session', async (t) => {
  const history = [
    { question: 'Who?', answer: 'The insider is Eve.', tlp: 'red' as const },
    { question: 'Where?', answer: 'In Berlin.' },
  ]
  const context = createContext({
    history,
    room: createRoomSources({ messages: [RED, NOTE], pins: [{ ...RED, content: 'A red pin.' }] }),
  })

  const outside = writeTurns(context, MODEL)
  t.notMatch(outside, /insider|A red pin|Who\?/)
  t.match(outside, /Berlin/)
  t.match(outside, /I isolated it/)
  const inside = writeTurns(context, INSIDE)
  for (const text of ['The insider is Eve', 'Call the insider', 'A red pin']) t.match(inside, text)
})

test('[TLP6] the sources that a model outside gets keep their ids', async (t) => {
  const context = createContext({ room: createRoomSources({ messages: [RED, NOTE] }) })
  const listMessageSources = (model: typeof MODEL) =>
    buildPrompt(context, model, SETTINGS).sources.filter(({ kind }) => kind === 'message')
  t.match(listMessageSources(MODEL), [{ id: 'msg2', message_id: 'm1' }])
  t.match(listMessageSources(INSIDE), [
    { id: 'msg1', tlp: 'red' },
    { id: 'msg2', message_id: 'm1' },
  ])
  t.equal(listMessageSources(MODEL).length, 1)
})

test('[TLP6] an answer keeps the label of its sources: a later prompt for a model outside lacks the answer', async (t) => {
  const llm = createScriptedLlm([['Noted.', createFinish()]], 'gpt')
  const worker = await startWorker(llm)
  const { stores, place, ctx, ref } = worker
  const claim = await stores.replies.claim(ref.message_id, 60_000)
  const sources: AnswerSource[] = [
    { id: 'doc1', kind: 'message', label: 'Runbook', tlp: 'amber' },
    { id: 'doc2', kind: 'message', label: 'Runbook', tlp: 'red' },
  ]
  const content = { content: 'The insider is Eve.', sources }
  await stores.replies.finish({ ...ref, attempt: claim?.row.attempt ?? 0 }, { type: 'chat', content })
  const next = await stores.messages.ask(aQuestion(place, { text: 'And now?' }))
  const { message_id } = next.reply.message

  t.match((await stores.replies.findContext(message_id, SCOPE))?.history, [
    { answer: 'The insider is Eve.', tlp: 'red' },
  ])
  await answerReply(ctx, { message_id, attempt: 0 }, notAborted)
  t.equal(llm.requests.length, 1)
  t.notMatch(JSON.stringify(llm.requests[0]?.turns), /insider/)
})

test('[TLP6] a carried-over summary lacks answers that rested on red documents', async (t) => {
  const history = [
    { question: 'Who?', answer: 'The insider is Eve.', tlp: 'red' as const },
    { question: 'Where?', answer: 'In Berlin.', tlp: 'amber' as const },
  ]
  const summary = summarizeHistory({ history, carried_over: null })
  t.match(summary, /Berlin/)
  t.notMatch(summary, /Eve|Who/)
})

test('[TLP1] for a model outside no prompt of a red event is built', async (t) => {
  const context = createContext({ event: { tlp: 'red' } })
  t.throws(() => buildPrompt(context, MODEL, SETTINGS), { code: 'tlp_forbids_model' })
  t.match(writeTurns(context, INSIDE), /Forty failed logins/)
})
