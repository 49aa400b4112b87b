import type { Test } from 'tap'
import { aPlace, aQuestion, createSession, getSeq, type Harness, type Place } from '../harness.ts'

const createQuote = ({ owner }: Place, audience: string) => ({
  audience,
  content: {
    message_id: 'm1',
    message_from: 'ai_assistant',
    message_category: 'engineer_chat' as const,
    user_id: owner,
    created_at: '2026-01-31T12:00:00.000Z',
    text: 'Isolate it.',
  },
})

export function proveQuotes(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[QUOTE1] a question is stored with its quote, and its reply without the quote', async (t) => {
    const place = await aPlace(stores)
    const quote = createQuote(place, 'all')
    const { question, reply } = await messages.ask(aQuestion(place, { quote }))
    const { event_id, owner } = place
    t.same(question.message.message_content.quote, quote.content)
    t.notOk('quote' in reply.message.message_content)
    t.same(await stores.timeline.findMessage(event_id, [owner], question.message.message_id), question)
  })

  t.test('[QUOTE3] a text that only the asker may read can be quoted only in a private session', async (t) => {
    const place = await aPlace(stores)
    const privateQuote = createQuote(place, place.owner)
    const sharedQuestion = aQuestion(place, { quote: privateQuote, visibility: 'room' })
    await t.rejects(messages.ask(sharedQuestion), { code: 'quote_private' })
    t.equal(await getSeq(stores, place), 0, 'nothing is stored')
    t.ok(await messages.ask(aQuestion(place, { quote: privateQuote })))
    t.ok(await messages.ask({ ...sharedQuestion, quote: createQuote(place, 'people') }))
  })

  t.test('[QUOTE3] a private quote is refused as soon as the session is shared', async (t) => {
    const place = await aPlace(stores)
    const { session_id } = await createSession(stores, place)
    const fields = { quote: createQuote(place, place.owner), session_id }
    t.ok(await messages.ask(aQuestion(place, fields)))
    await messages.share(place.owner, session_id)
    await t.rejects(messages.ask(aQuestion(place, fields)), { code: 'quote_private' })
  })

  t.test('[PAGE2] a message is found only in its event, and only for callers who may read it', async (t) => {
    const place = await aPlace(stores)
    const elsewhere = await aPlace(stores)
    const { question } = await messages.ask(aQuestion(place))
    const find = (event_id: string, audiences: string[]) =>
      stores.timeline.findMessage(event_id, audiences, question.message.message_id)
    t.same(await find(place.event_id, ['all', place.owner]), question)
    t.equal(await find(place.event_id, ['all', 'people', place.other]), undefined)
    t.equal(await find(elsewhere.event_id, ['all', place.owner]), undefined)
  })
}
