import { buildPrompt, findAnswerTlp, type PromptTarget } from '@engineer-chat/chat/prompting'
import { answerReply } from '@engineer-chat/chat/replying'
import { findQuote } from '@engineer-chat/chat/rooms'
import { createSessionId, type ReplyContext } from '@engineer-chat/chat/shared'
import { createFinish, createRoomSources, createScriptedLlm } from '@engineer-chat/chat/testing'
import type { AnswerSource } from '@engineer-chat/protocol'
import { test } from 'tap'
import { summarizeHistory } from '../../src/asking/carry-over-summary.ts'
import { aQuestion, CONTEXT_LIMITS } from '../../testing/contracts/harness.ts'
import { startWorkerWithModels } from '../replying/reply-harness.ts'
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
  const worker = await startWorkerWithModels([llm])
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

  t.match((await stores.replies.findContext(message_id, CONTEXT_LIMITS))?.history, [
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
  const summary = summarizeHistory(createContext({ history }))
  t.match(summary, /Berlin/)
  t.notMatch(summary, /Eve|Who/)
})

const RED_QUOTE = {
  message_id: 'm2',
  author: 'assistant',
  created_at: CREATED_AT,
  text: 'Call the insider.',
  tlp: 'red' as const,
}

test('[TLP6] a carried-over summary lacks rounds whose label is stricter than the event’s', async (t) => {
  const quote = { ...RED_QUOTE, text: 'It is in Bern.', tlp: 'amber' as const }
  const history = [
    { question: 'Who?', answer: 'It was Eve.', tlp: 'amber+strict' as const },
    { question: 'Where?', answer: 'In Berlin.', tlp: 'green' as const },
    { question: 'When?', answer: 'At noon.' },
    { question: 'What of this?', answer: 'It means her office.', quote },
  ]
  const findAnswers = (tlp: ReplyContext['event']['tlp']) =>
    summarizeHistory(createContext({ history, event: { tlp } }))?.match(/(?<=A: ).*/g) ?? []
  t.same(findAnswers('clear'), ['At noon.'])
  t.same(findAnswers('green'), ['In Berlin.', 'At noon.'])
  t.same(findAnswers('amber'), ['In Berlin.', 'At noon.', 'It means her office.'])
  t.same(findAnswers('amber+strict'), ['It was Eve.', 'In Berlin.', 'At noon.', 'It means her office.'])
})

test('[TLP6] the quote of an answer that used a red document reaches no model outside', async (t) => {
  const context = createContext({ question: 'What does this mean?', quote: RED_QUOTE })

  const outside = buildPrompt(context, MODEL, SETTINGS)
  t.notMatch(JSON.stringify(outside.turns), /insider/)
  t.match(JSON.stringify(outside.turns), /What does this mean\?/)
  t.notOk(
    outside.sources.some(({ kind }) => kind === 'quote'),
    'a preview lists no quote',
  )
  const inside = buildPrompt(context, INSIDE, SETTINGS)
  t.match(inside.turns.at(-1)?.content, /quo1 quote: assistant, .*Call the insider/s)
  t.match(
    inside.review('Call her [quo1].').sources.filter(({ kind }) => kind === 'quote'),
    [{ id: 'quo1', tlp: 'red' }],
    'the answer gets the label of the quote',
  )
})

test('[TLP6] an earlier turn whose question quotes a red answer reaches no model outside', async (t) => {
  const history = [
    { question: 'What of this?', answer: 'It means Eve.', quote: RED_QUOTE },
    { question: 'Where?', answer: 'In Berlin.' },
  ]
  const context = createContext({ history })
  const outside = writeTurns(context, MODEL)
  t.notMatch(outside, /insider|Eve|What of this/)
  t.match(outside, /Berlin/)
  t.match(writeTurns(context, INSIDE), /Call the insider.*It means Eve/)
  const summary = summarizeHistory(createContext({ history }))
  t.notMatch(summary, /insider|Eve|What of this/)
  t.match(summary, /Berlin/)
})

test('[TLP6] an answer gets the label of the earlier turns that its prompt contained', async (t) => {
  const redAnswer = { question: 'Who?', answer: 'The insider is Eve.', tlp: 'red' as const }
  const redQuote = { question: 'What of this?', answer: 'It means Eve.', quote: RED_QUOTE }
  const findLabel = (history: ReplyContext['history'], model: PromptTarget) =>
    findAnswerTlp(buildPrompt(createContext({ history }), model, SETTINGS).review('Eve.')).tlp
  for (const turn of [redAnswer, redQuote]) {
    t.equal(findLabel([turn], INSIDE), 'red')
    t.equal(findLabel([turn], MODEL), undefined, 'the prompt did not contain the turn')
  }
  const { sources } = buildPrompt(createContext({ history: [redAnswer] }), INSIDE, SETTINGS)
  t.match(sources.at(-1), { id: 'old2', kind: 'earlier', label: 'earlier turns', tlp: 'red' }, 'a preview lists it')
})

test('[TLP6] earlier turns are no source of an answer if they are no stricter than the event', async (t) => {
  for (const turn of [{}, { tlp: 'green' as const }, { tlp: 'amber' as const }]) {
    const context = createContext({ history: [{ question: 'Who?', answer: 'Eve.', ...turn }], event: { tlp: 'amber' } })
    const prompt = buildPrompt(context, INSIDE, SETTINGS)
    const kinds = [...prompt.sources, ...prompt.review('Eve.').sources].map(({ kind }) => kind)
    t.notOk(kinds.includes('earlier'))
  }
  const history = [{ question: 'Who?', answer: 'Eve.', tlp: 'red' as const }]
  const { sources } = buildPrompt(createContext({ history, event: { tlp: 'red' } }), INSIDE, SETTINGS).review('Eve.')
  t.equal(findAnswerTlp({ sources }).tlp, 'red', 'the label of the event may be lowered later')
})

test('[TLP6] a question that quotes a red answer is answered by a model outside without the quote', async (t) => {
  const llm = createScriptedLlm([['Which one?', createFinish()]], 'gpt')
  const { stores, place, ctx, ref } = await startWorkerWithModels([llm])
  const claim = await stores.replies.claim(ref.message_id, 60_000)
  const sources: AnswerSource[] = [{ id: 'doc1', kind: 'document', label: 'Runbook', tlp: 'red' }]
  const content = { content: 'The insider is Eve.', sources }
  await stores.replies.finish({ ...ref, attempt: claim?.row.attempt ?? 0 }, { type: 'chat', content })
  const caller = { user_id: place.owner, role: 'engineer' } as const
  const quote = await findQuote(stores, caller, place.event_id, { message_id: ref.message_id, text: 'insider is Eve' })
  await stores.sessions.create({
    session_id: createSessionId(place.event_id, place.owner),
    event_id: place.event_id,
    user_id: place.owner,
    visibility: 'private',
    max_rounds: 10,
  })
  const next = await stores.messages.ask(aQuestion(place, { text: 'What does this mean?', quote }))
  const { message_id } = next.reply.message

  await answerReply(ctx, { message_id, attempt: 0 }, notAborted)

  t.equal(llm.requests.length, 1)
  const sent = JSON.stringify(llm.requests[0]?.turns)
  t.match(sent, /What does this mean/)
  t.notMatch(sent, /insider/)
})

test('[TLP1] for a model outside no prompt of a red event is built', async (t) => {
  const context = createContext({ event: { tlp: 'red' } })
  t.throws(() => buildPrompt(context, MODEL, SETTINGS), { code: 'tlp_forbids_model' })
  t.match(writeTurns(context, INSIDE), /Forty failed logins/)
})
