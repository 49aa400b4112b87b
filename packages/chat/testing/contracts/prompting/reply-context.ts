import type { AnswerSource, Tlp } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import type { FoundQuote } from '../../../src/rooms/quotes/find-quote.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  CONTEXT_LIMITS,
  createSession,
  type Harness,
  type MakeHarness,
  type Place,
  postMessage,
  runSuite,
} from '../harness.ts'

/** Proves `findContext` of a ReplyStore. */
export const contextContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'context', make, proveContextParts, proveQuotes, proveLabelsOfQuotes, proveHistory)

function proveContextParts(t: Test, { stores }: Harness): void {
  const { replies } = stores

  t.test('[LIFE12] a context has the event, its latest summary, and the question', async (t) => {
    const place = await aPlace(stores)
    await stores.events.addSummary(place.event_id, { round_id: 1, event_summary: 'Old.' })
    await aRound(stores, place, 'Is it contained?', 'Not yet.')
    await stores.events.addSummary(place.event_id, { round_id: 2, event_summary: 'New.', event_suggestion: 'Wait.' })
    const reply_id = await ask(stores, place, 'And now?')
    t.match(await replies.findContext(reply_id, CONTEXT_LIMITS), {
      event: { event_id: place.event_id, event_name: 'Strange logins', severity: 'high', context: 'VPN' },
      summary: { round_id: 2, event_summary: 'New.', event_suggestion: 'Wait.' },
      summary_updated: true,
      history: [{ question: 'Is it contained?', answer: 'Not yet.' }],
      question: 'And now?',
    })
    t.equal(await replies.findContext(createId(), CONTEXT_LIMITS), undefined)
  })

  t.test('[LIFE12] a context has nothing of another session, another person, or an agent', async (t) => {
    const place = await aPlace(stores)
    await aRound(stores, place, 'In my first session', 'One.')
    await aRound(stores, { ...place, owner: place.other }, 'Somebody else', 'Two.')
    await postMessage(stores, place)
    await createSession(stores, place)
    const reply_id = await ask(stores, place, 'In my second session')
    t.match(await replies.findContext(reply_id, CONTEXT_LIMITS), { summary: null, summary_updated: false })
    t.same((await replies.findContext(reply_id, CONTEXT_LIMITS))?.history, [])
  })

  t.test('[CITE5] an earlier answer comes with what it cites', async (t) => {
    const place = await aPlace(stores)
    const citations = [{ id: 'E2', label: 'description', supported: true }]
    await answerReply(stores, await ask(stores, place, 'Why?'), { content: 'Forty [E2].', citations })
    const history = (await replies.findContext(await ask(stores, place, 'Now'), CONTEXT_LIMITS))?.history
    t.same(history, [{ question: 'Why?', answer: 'Forty [E2].', citations }])
  })
}

function proveQuotes(t: Test, { stores }: Harness): void {
  t.test('[PROMPT6] a question and an earlier one come with what they quote, and who wrote it', async (t) => {
    const place = await aPlace(stores)
    const person = await stores.users.find(place.other)
    const common = { message_id: 'm1', created_at: '2026-01-31T12:00:00.000Z', text: 'Host 7.' }
    const byPerson: FoundQuote['content'] = {
      ...common,
      message_from: place.other,
      user_id: place.other,
      message_category: 'room',
    }
    const byAgent: FoundQuote['content'] = { ...byPerson, message_from: '_expert', message_category: 'agent' }
    await answerReply(stores, await askQuoting(stores, place, byPerson))
    const context = await stores.replies.findContext(await askQuoting(stores, place, byAgent), CONTEXT_LIMITS)
    t.same(context?.quote, { ...common, author: 'agent expert' })
    t.match(context?.history, [{ question: 'Why?', quote: { author: person?.username, text: 'Host 7.' } }])
    const { event_id, owner: user_id } = place
    const asked = { event_id, user_id, session_id: null, question: 'Why?', quote: byPerson }
    t.match(await stores.sources.findContext(asked, CONTEXT_LIMITS), { quote: { author: person?.username } })
  })
}

function proveLabelsOfQuotes(t: Test, { stores }: Harness): void {
  const { messages, replies, sources } = stores

  t.test('[TLP6] the quote of an answer has the strictest label of its sources, also in later questions', async (t) => {
    const place = await aPlace(stores)
    const quote = await quoteAnswer(stores, place, await answerFrom(stores, place, ['green', 'red']))
    const quoting = await askQuoting(stores, place, quote)
    t.match((await replies.findContext(quoting, CONTEXT_LIMITS))?.quote, { text: 'Call the insider.', tlp: 'red' })
    const { event_id, owner: user_id } = place
    const asked = { event_id, user_id, session_id: null, question: 'Why?', quote }
    t.equal((await sources.findContext(asked, CONTEXT_LIMITS))?.quote?.tlp, 'red', 'a preview reads the same label')

    await answerReply(stores, quoting)

    const context = await replies.findContext(await ask(stores, place, 'And now?'), CONTEXT_LIMITS)
    t.same(
      context?.history.map((round) => round.quote?.tlp),
      [undefined, 'red'],
    )
  })

  t.test('[TLP6] an answer without labels, a person and an agent are quoted without a label', async (t) => {
    const place = await aPlace(stores)
    const answer = await quoteAnswer(stores, place, await answerFrom(stores, place, []))
    const byPerson: Quote = { ...answer, message_from: place.owner, user_id: place.owner, message_category: 'room' }
    const byAgent: Quote = { ...answer, message_from: '_expert', message_category: 'agent' }
    for (const quote of [answer, byPerson, byAgent]) {
      const context = await replies.findContext(await askQuoting(stores, place, quote), CONTEXT_LIMITS)
      t.equal(context?.quote?.text, 'Call the insider.')
      t.equal(context?.quote?.tlp, undefined)
    }
  })

  t.test('[TLP6] the quote of an answer that was asked for again keeps the label of the earlier answer', async (t) => {
    const place = await aPlace(stores)
    const answer_id = await answerFrom(stores, place, ['red'])
    const quoting = await askQuoting(stores, place, await quoteAnswer(stores, place, answer_id))
    const readLabel = async () => (await replies.findContext(quoting, CONTEXT_LIMITS))?.quote?.tlp

    await messages.retry(place.owner, answer_id)
    t.equal(await readLabel(), 'red', 'the new answer is not there yet')
    await answerReply(stores, answer_id, { content: 'Call nobody.', sources: [createSource('green')] })
    t.equal(await readLabel(), 'red')
  })

  t.test('[TLP6] the quote of an answer that is gone counts as TLP:RED', async (t) => {
    const place = await aPlace(stores)
    const answer = await quoteAnswer(stores, place, await answerFrom(stores, place, []))
    const quoting = await askQuoting(stores, place, { ...answer, message_id: createId() })
    t.match((await replies.findContext(quoting, CONTEXT_LIMITS))?.quote, { text: 'Call the insider.', tlp: 'red' })
  })
}

type Quote = FoundQuote['content']

const createSource = (tlp: Tlp): AnswerSource => ({ id: `doc-${tlp}`, kind: 'document', label: 'Runbook', tlp })

/** Asks a question and answers it from documents with these labels. Returns the id of the answer. */
async function answerFrom(stores: Stores, place: Place, labels: Tlp[]): Promise<string> {
  const reply_id = await ask(stores, place, 'Who?')
  await answerReply(stores, reply_id, { content: 'Call the insider.', sources: labels.map(createSource) })
  return reply_id
}

/** Quotes the text of an answer, as `findQuote` does. */
async function quoteAnswer(stores: Stores, { owner }: Place, answer_id: string): Promise<Quote> {
  const row = await stores.messages.findOwnReply(owner, answer_id)
  if (!row) throw new Error('the answer was not found')
  const { message_id, message_from, message_category, user_id, created_at, message_content } = row.message
  return { message_id, message_from, message_category, user_id, created_at, text: message_content.content }
}

async function askQuoting(stores: Stores, place: Place, content: FoundQuote['content']): Promise<string> {
  const asked = await stores.messages.ask(aQuestion(place, { text: 'Why?', quote: { content, audience: 'all' } }))
  return asked.reply.message.message_id
}

function proveHistory(t: Test, { stores }: Harness): void {
  const { replies } = stores

  t.test('[LIFE12] failures and empty answers are left out of the history, with their questions', async (t) => {
    const place = await aPlace(stores)
    const failed = await ask(stores, place, 'Failed')
    await answerReply(stores, failed, { content: 'Sorry.', error: { code: 'llm_timeout', retryable: true } })
    const cut = await ask(stores, place, 'Cut')
    const error = { code: 'llm_stream_cut', retryable: true } as const
    await answerReply(stores, cut, { content: 'Sorry.', error, partial: 'Half of an answer' })
    await stores.messages.cancel(place.owner, await ask(stores, place, 'Cancelled'))
    await aRound(stores, place, 'Good', 'Yes.')
    const history = (await replies.findContext(await ask(stores, place, 'Now'), CONTEXT_LIMITS))?.history
    t.same(history, [{ question: 'Good', answer: 'Yes.' }])
  })

  t.test('[LIFE12] the history has the newest whole rounds within its limit, the oldest first', async (t) => {
    const place = await aPlace(stores)
    for (const number of [1, 2, 3]) await aRound(stores, place, `Question ${number}`, `Answer ${number}`)
    const reply_id = await ask(stores, place, 'Now')
    const newest = ['Question 2', 'Question 3']
    for (const limit of [4, 5]) {
      t.same(
        (await replies.findContext(reply_id, { ...CONTEXT_LIMITS, historyLimit: limit }))?.history.map(
          (round) => round.question,
        ),
        newest,
      )
    }
    t.same((await replies.findContext(reply_id, { ...CONTEXT_LIMITS, historyLimit: 0 }))?.history, [])
  })

  t.test('[LIFE12] a retried reply’s context ends at its question', async (t) => {
    const place = await aPlace(stores)
    await aRound(stores, place, 'Before', 'One.')
    const retried = await aRound(stores, place, 'This one', 'Bad.')
    await aRound(stores, place, 'After', 'Three.')
    await stores.messages.retry(place.owner, retried)
    t.match(await replies.findContext(retried, CONTEXT_LIMITS), { question: 'This one' })
    t.same((await replies.findContext(retried, CONTEXT_LIMITS))?.history, [{ question: 'Before', answer: 'One.' }])
  })
}

async function ask(stores: Stores, place: Place, text: string): Promise<string> {
  return (await stores.messages.ask(aQuestion(place, { text }))).reply.message.message_id
}

async function aRound(stores: Stores, place: Place, text: string, content: string): Promise<string> {
  const reply_id = await ask(stores, place, text)
  await answerReply(stores, reply_id, { content })
  return reply_id
}
