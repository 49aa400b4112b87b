import type { AnswerSource, MessageContent, MessageQuote, Tlp } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  getSeq,
  type Harness,
  type MakeHarness,
  type Place,
  postNote,
  runSuite,
} from '../harness.ts'

/** Proves a LabelStore. */
export const labelsContract = (t: Test, make: MakeHarness) => runSuite(t, 'labels', make, proveFacts, proveVersions)

function proveFacts(t: Test, { stores }: Harness): void {
  const { labels } = stores

  t.test('[EXPORT7] the labels of answers and the quotes of people are found in the rows of a reader', async (t) => {
    const place = await aPlace(stores)
    const { event_id, owner } = place
    const answered = await anAnswer(stores, place, ['green', 'red'], 'room')
    await postNote(stores, place, 'The word "sources" and the word "quote".')
    const first = await getSeq(stores, place)
    const quote = aQuoteOf(answered)
    await postContent(stores, place, 'room', { content: 'Look.', quote })
    const last = await getSeq(stores, place)
    await anAnswer(stores, place, ['amber'], 'private')

    const list = async (audiences: string[], after: number, upTo: number) =>
      (await labels.listFacts(event_id, audiences, { after, upTo })).map((facts) => ({
        labels: facts.sources?.map(({ tlp }) => tlp),
        quote: facts.quote,
      }))

    const inAnswer = { labels: ['green', 'red'], quote: undefined }
    const inPost = { labels: [], quote }
    const everything = Number.MAX_SAFE_INTEGER
    t.same(sort(await list(['all', 'people'], 0, everything)), sort([inAnswer, inPost]))
    t.same(await list(['all', 'people'], first, last), [inPost])
    t.same(await list(['all', 'people'], 0, first), [inAnswer])
    t.same(await list([owner], 0, everything), [{ labels: ['amber'], quote: undefined }])
    t.same(await list([], 0, everything), [])
  })

  t.test('[EXPORT7] an agent’s own fields `sources` and `quote` say nothing about its label', async (t) => {
    const place = await aPlace(stores)
    const quote = aQuoteOf(createId())
    await postContent(stores, place, 'agent', { content: 'x', sources: [aSource('red')], quote })
    t.same(await labels.listFacts(place.event_id, ['all'], { after: 0, upTo: await getSeq(stores, place) }), [])
  })
}

function proveVersions(t: Test, { stores }: Harness): void {
  const { labels, messages } = stores

  t.test('[TLP6] the versions of an answer are found, also those from before a retry', async (t) => {
    const place = await aPlace(stores)
    const retried = await anAnswer(stores, place, ['red'], 'private')
    await messages.retry(place.owner, retried)
    await answerReply(stores, retried, { content: 'Nobody.', sources: [aSource('green')] })
    const other = await anAnswer(stores, place, [], 'private')
    const gone = createId()

    const versions = await labels.findVersions([retried, other, gone])

    const listLabels = (id: string) => versions.get(id)?.map(({ sources = [] }) => sources.map(({ tlp }) => tlp))
    t.same(sort(listLabels(retried) ?? []), sort([['green'], ['red']]))
    t.same(listLabels(other), [[]])
    t.equal(versions.has(gone), false)
    t.equal((await labels.findVersions([])).size, 0)
  })
}

/** The order of facts and versions has no meaning. */
const sort = <T>(items: T[]): T[] => items.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))

const aSource = (tlp: Tlp): AnswerSource => ({ id: `doc-${tlp}`, kind: 'document', label: 'Runbook', tlp })

async function anAnswer(stores: Stores, place: Place, tlps: Tlp[], visibility: 'private' | 'room'): Promise<string> {
  const { message_id } = (await stores.messages.ask(aQuestion(place, { visibility }))).reply.message
  await answerReply(stores, message_id, { content: 'Isolate it.', sources: tlps.map(aSource) })
  return message_id
}

const aQuoteOf = (message_id: string): MessageQuote => ({
  message_id,
  message_from: 'ai_assistant',
  message_category: 'engineer_chat',
  user_id: null,
  created_at: '2026-11-01T00:00:00.000Z',
  text: 'Isolate it.',
})

async function postContent(
  stores: Stores,
  { event_id, owner }: Place,
  category: 'room' | 'agent',
  content: MessageContent,
): Promise<void> {
  await stores.messages.post({
    message_id: createId(),
    event_id,
    user_id: owner,
    category,
    message_from: category === 'agent' ? '_expert' : owner,
    message_type: category === 'agent' ? 'llm_response' : 'chat',
    content,
    round_id: null,
    audience: category === 'agent' ? 'all' : 'people',
  })
}
