import type { Test } from 'tap'
import { storeClosedEventDocuments } from '../../../src/documents/store-closed-event-documents.ts'
import type { Log, Principal } from '../../../src/shared/index.ts'
import type { Stores } from '../../../src/stores.ts'
import { answerReply, aPlace, aQuestion, type Harness, type MakeHarness, type Place, runSuite } from '../harness.ts'

const LIMITS = { maxBytes: 5_000, maxPieces: 100, keptVersions: 5 }
const ADMIN: Principal = { user_id: 'root', role: 'admin' }

export const closedEventsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'closed events', make, proveClosedEvents)

/** Stores the documents of all closed events. Returns the warnings of the log. */
async function storeDocumentsOfClosedEvents({ closedEvents, documents }: Stores): Promise<string[]> {
  const warnings: string[] = []
  const log: Log = { info: () => {}, warn: (event) => void warnings.push(event), error: () => {} }
  while (await storeClosedEventDocuments({ closedEvents, documents, documentLimits: LIMITS, log }, 2));
  return warnings
}

const setStatus = (stores: Stores, { event_id }: Place, event_status: 'closed' | 'processing') =>
  stores.events.update(event_id, { event_status }, ADMIN)

const addSummary = (stores: Stores, { event_id }: Place, event_summary: string) =>
  stores.events.addSummary(event_id, { round_id: 1, event_summary, event_suggestion: 'Watch the host.' })

async function listTexts({ documents }: Stores, { event_id }: Place): Promise<string[]> {
  const { items } = await documents.list(ADMIN, { event_id, limit: 10 })
  const found = await Promise.all(items.map(({ document_id }) => documents.find(document_id)))
  return found.map((document) => `${document?.kind} ${document?.version}: ${document?.content}`).sort()
}

function proveClosedEvents(t: Test, { stores }: Harness): void {
  t.test('[DOC16] the latest summary and shared handover of a closed event become one document each', async (t) => {
    const place = await aPlace(stores)
    await addSummary(stores, place, 'An older one.')
    await addSummary(stores, place, 'Contained [sum1].')
    for (const [text, answer] of [
      ['/handover', 'An older handover.'],
      ['@AI /交接 for the night', 'Watch WS-042 [ev1].'],
      ['What now?', 'Nothing.'],
    ] as const) {
      const { reply } = await stores.messages.ask(aQuestion(place, { text, visibility: 'room' }))
      await answerReply(stores, reply.message.message_id, { content: answer })
    }
    await storeDocumentsOfClosedEvents(stores)
    t.same(await listTexts(stores, place), [], 'the event is open')

    await setStatus(stores, place, 'closed')
    await storeDocumentsOfClosedEvents(stores)
    await storeDocumentsOfClosedEvents(stores)

    t.same(await listTexts(stores, place), [
      'handover 1: Watch WS-042.',
      'note 1: Contained [sum1].\n\nWatch the host.\n',
    ])
    const [note] = (await stores.documents.list(ADMIN, { event_id: place.event_id, kind: 'note', limit: 1 })).items
    t.match(note, { title: 'Summary: Strange logins', access: 'event', tlp: 'amber', updated_by: null })
  })

  t.test(
    '[DOC16] if an event is closed again, the document of its newer summary replaces the earlier one',
    async (t) => {
      const place = await aPlace(stores)
      await addSummary(stores, place, 'First.')
      await setStatus(stores, place, 'closed')
      await storeDocumentsOfClosedEvents(stores)
      await setStatus(stores, place, 'processing')
      await addSummary(stores, place, '第二次。')
      await storeDocumentsOfClosedEvents(stores)
      const beforeClosing = await listTexts(stores, place)
      t.equal(beforeClosing.length, 1)
      t.match(beforeClosing, ['note 1: First.'], 'the event is open')
      await setStatus(stores, place, 'closed')
      await storeDocumentsOfClosedEvents(stores)
      const afterClosing = await listTexts(stores, place)
      t.equal(afterClosing.length, 1)
      t.match(afterClosing, ['note 2: 第二次。'])
      const [note] = (await stores.documents.list(ADMIN, { event_id: place.event_id, limit: 1 })).items
      t.match(note, { title: '总结：Strange logins', language: 'zh' })
    },
  )

  t.test('[DOC16] a slow worker does not overwrite the newer text of another worker', async (t) => {
    const place = await aPlace(stores)
    await addSummary(stores, place, 'First.')
    await setStatus(stores, place, 'closed')
    const { closedEvents, documents } = stores
    const slowClosedEvents = {
      ...closedEvents,
      // After the slow worker has read the event, a summary is added, and another worker documents the event.
      async find(event_id: string, maxRounds: number) {
        const closedEvent = await closedEvents.find(event_id, maxRounds)
        await addSummary(stores, place, 'Second.')
        await storeDocumentsOfClosedEvents(stores)
        return closedEvent
      },
    }
    const log: Log = { info: () => {}, warn: () => {}, error: () => {} }
    await storeClosedEventDocuments({ closedEvents: slowClosedEvents, documents, documentLimits: LIMITS, log }, 2)
    await storeDocumentsOfClosedEvents(stores)
    const texts = await listTexts(stores, place)
    t.equal(texts.length, 1)
    t.match(texts, [/^note \d: Second\./])
  })

  t.test('[TLP6] the document of a handover has the label of the answer, if that is stricter', async (t) => {
    for (const [tlp, expected] of [
      ['red', 'red'],
      ['green', 'amber'],
    ] as const) {
      const place = await aPlace(stores)
      const { reply } = await stores.messages.ask(aQuestion(place, { text: '/handover', visibility: 'room' }))
      const sources = [{ id: 'doc1', kind: 'document' as const, label: 'Runbook', tlp }]
      await answerReply(stores, reply.message.message_id, { content: 'Call the insider.', sources })
      await setStatus(stores, place, 'closed')
      await storeDocumentsOfClosedEvents(stores)
      const { items } = await stores.documents.list(ADMIN, { event_id: place.event_id, limit: 10 })
      t.match(items, [{ kind: 'handover', tlp: expected }])
    }
  })

  t.test('[DOC16] a private, a cancelled and a failed handover become no documents', async (t) => {
    const place = await aPlace(stores)
    const ask = async (visibility: 'private' | 'room') =>
      (await stores.messages.ask(aQuestion(place, { text: '/handover', visibility }))).reply.message.message_id
    await answerReply(stores, await ask('private'), { content: 'Secret.' })
    await answerReply(stores, await ask('room'), { content: 'Half', finish_reason: 'cancelled' })
    const error = { code: 'llm_timeout', retryable: true } as const
    await answerReply(stores, await ask('room'), { content: '', error })
    await setStatus(stores, place, 'closed')
    await storeDocumentsOfClosedEvents(stores)
    t.same(await listTexts(stores, place), [])
  })

  t.test('[DOC16] a text over the limit is left out and logged, and does not block the other events', async (t) => {
    const [placeOfLongText, otherPlace] = [await aPlace(stores), await aPlace(stores)]
    await addSummary(stores, placeOfLongText, 'x'.repeat(5_000))
    await addSummary(stores, otherPlace, 'Short.')
    for (const place of [placeOfLongText, otherPlace]) await setStatus(stores, place, 'closed')
    t.same(await storeDocumentsOfClosedEvents(stores), ['EngineerChat.closing_document_refused'])
    t.same(await listTexts(stores, placeOfLongText), [])
    t.match(await listTexts(stores, otherPlace), ['note 1: Short.'])
  })
}
