import type { Test } from 'tap'
import { listAudiences } from '../../../src/people/access.ts'
import { rankSimilar } from '../../../src/ranking/similar/rank-similar.ts'
import { MAX_SHARING_EVENTS } from '../../../src/ranking/similar/similar-events.ts'
import { INDICATOR_RULES } from '../../../src/rooms/indicators/indicator-rules.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import type { Stores } from '../../../src/stores.ts'
import { anEvent, answerReply, aQuestion, aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'
import { indexIndicators } from '../rooms/indicator-reads.ts'
import { indexRoom, postAsPerson } from './index-reads.ts'

export const similarEventsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'similar events', make, proveOrder, proveReaders)

const createEngineer = (user_id: string): Principal => ({ user_id, role: 'engineer' })
const READER = createEngineer('anybody')

async function findSimilar(stores: Stores, event_id: string, caller = READER) {
  const similarities = await stores.similarEvents.findSimilarities(
    { caller, audiences: listAudiences(caller) },
    event_id,
  )
  return rankSimilar(similarities, 10)
}

/** Creates one event for each set of fields, and reads its texts. Returns the ids of the events. */
async function createEvents(stores: Stores, ...events: Array<Parameters<typeof anEvent>[1]>): Promise<string[]> {
  const ids: string[] = []
  for (const fields of events) ids.push((await anEvent(stores, { context: '', ...fields })).event_id)
  for (const event_id of ids) await readTexts(stores, event_id)
  return ids
}

/** Reads the indicators and the terms of an event's report and messages, as a worker does. */
async function readTexts(stores: Stores, event_id: string): Promise<void> {
  await indexIndicators(stores, event_id, 100, INDICATOR_RULES)
  await indexRoom(stores, event_id)
}

function proveOrder(t: Test, { stores }: Harness): void {
  t.test('[SIMILAR1] events with a shared indicator come first, those with rarer ones before others', async (t) => {
    const [event_id = '', withRare, withCommon, withSimilarText] = await createEvents(
      stores,
      { event_name: 'Okapi beacon', message: 'To 198.51.100.91 and 198.51.100.92 by okapi loader' },
      { event_name: 'Rare', message: 'Nothing else but 198.51.100[.]91' },
      { event_name: 'Common', message: 'It is 198.51.100.92' },
      { event_name: 'Okapi loader', message: 'The okapi loader again' },
      { event_name: 'Also common', message: 'Here, too: 198.51.100.92' },
    )
    const items = await findSimilar(stores, event_id)
    t.same(
      items.map((item) => item.event_id).filter((id) => [withRare, withCommon, withSimilarText].includes(id)),
      [withRare, withCommon, withSimilarText],
    )
    t.match(items[0], { event_name: 'Rare', shared_indicators: [{ type: 'ipv4', value: '198.51.100.91' }] })
    t.match(items[0], { severity: 'high', excerpt: 'Nothing else but 198.51.100[.]91' })
    const foundByText = items.find((item) => item.event_id === withSimilarText)
    t.same(foundByText?.shared_indicators, [])
    t.ok((items[0]?.score ?? 0) > 0.5 && (foundByText?.score ?? 1) < 0.5)
    t.notOk(
      items.some((item) => item.event_id === event_id),
      'an event is not similar to itself',
    )
  })

  t.test('[SIMILAR1] an indicator of a message counts like one of the report', async (t) => {
    const [event_id = '', other = ''] = await createEvents(stores, { message: 'one' }, { message: 'two' })
    const owner = await aUser(stores)
    for (const id of [event_id, other]) {
      await postAsPerson(stores, { event_id: id, owner, other: owner }, 'see quagga.example')
      await readTexts(stores, id)
    }
    t.match(await findSimilar(stores, event_id), [
      { event_id: other, shared_indicators: [{ value: 'quagga.example' }] },
    ])
  })

  t.test('[SIMILAR2] the current text counts: a rewritten report and a new summary are found', async (t) => {
    const [event_id = '', other = ''] = await createEvents(
      stores,
      { event_name: 'Vicuna', message: 'Vicuna ransomware' },
      { event_name: 'Else', message: 'nothing of it' },
    )
    const listIds = async () => (await findSimilar(stores, event_id)).map((event) => event.event_id)
    t.notOk((await listIds()).includes(other))

    await stores.events.addSummary(other, { round_id: 1, event_summary: 'It was vicuna ransomware.' })
    await readTexts(stores, other)

    t.ok((await listIds()).includes(other))
    t.match(
      (await findSimilar(stores, event_id)).find((event) => event.event_id === other),
      { excerpt: 'It was vicuna ransomware.' },
    )
    const [rewritten = ''] = await createEvents(stores, { event_name: 'More', message: 'as yet unknown' })
    t.notOk((await listIds()).includes(rewritten))
    await stores.events.update(rewritten, { message: 'Vicuna ransomware, too' }, READER)
    await readTexts(stores, rewritten)
    t.ok((await listIds()).includes(rewritten))
  })
}

function proveReaders(t: Test, { stores }: Harness): void {
  t.test('[SIMILAR3] an event that the reader may not enter is not named', async (t) => {
    const member = await aUser(stores)
    const [event_id = '', restricted] = await createEvents(
      stores,
      { message: 'kudu 198.51.100.95' },
      { message: 'kudu 198.51.100.95', access: 'restricted', created_by: member },
    )
    const isNamed = async (caller: Principal) =>
      (await findSimilar(stores, event_id, caller)).some((event) => event.event_id === restricted)
    t.notOk(await isNamed(READER))
    t.ok(await isNamed(createEngineer(member)))
    t.ok(await isNamed({ user_id: 'somebody', role: 'admin' }))
  })

  t.test('[SIMILAR3] events that the reader may not enter change no score and hide no other event', async (t) => {
    const member = await aUser(stores)
    const [event_id = '', open] = await createEvents(
      stores,
      { event_name: 'Sitatunga', message: 'sitatunga bongo lechwe 198.51.100.97' },
      { event_name: 'Duiker', message: 'a sitatunga, a bongo and a lechwe' },
    )
    const findOpen = async () => (await findSimilar(stores, event_id)).find((event) => event.event_id === open)
    const before = await findOpen()
    t.ok((before?.score ?? 0) > 0)

    const restricted = { message: 'sitatunga 198.51.100.97', access: 'restricted', created_by: member } as const
    await createEvents(stores, ...Array.from({ length: MAX_SHARING_EVENTS }, () => restricted))
    t.equal((await findOpen())?.score, before?.score)

    const [sharing] = await createEvents(stores, { message: 'At 198.51.100.97' })
    const found = (await findSimilar(stores, event_id)).find((event) => event.event_id === sharing)
    t.match(found?.shared_indicators, [{ type: 'ipv4', value: '198.51.100.97' }])
  })

  t.test('[SIMILAR3] an indicator counts where the reader may read it', async (t) => {
    const [event_id = '', other = ''] = await createEvents(stores, { message: 'gaur.example' }, { message: 'two' })
    const owner = await aUser(stores)
    const place = { event_id: other, owner, other: owner }
    const { reply } = await stores.messages.ask(aQuestion(place, { text: 'Is gaur.example bad?' }))
    await answerReply(stores, reply.message.message_id, { content: 'Yes.' })
    await readTexts(stores, other)
    const listShared = async (caller: Principal) =>
      (await findSimilar(stores, event_id, caller)).find((event) => event.event_id === other)?.shared_indicators
    t.same(await listShared(READER), [], 'the session is private')
    t.match(await listShared(createEngineer(owner)), [{ value: 'gaur.example' }])
  })
}
