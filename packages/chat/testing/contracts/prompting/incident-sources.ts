import type { Test } from 'tap'
import {
  CONTEXT_SOURCE_KINDS,
  DEFAULT_CONTEXT_SOURCE_KINDS,
} from '../../../src/prompting/sources/context-source-kinds.ts'
import { INDICATOR_RULES } from '../../../src/rooms/indicators/indicator-rules.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  anEvent,
  answerReply,
  aQuestion,
  aUser,
  CONTEXT_LIMITS,
  type Harness,
  type Place,
  waitForNextMillisecond,
} from '../harness.ts'
import { indexRoom } from '../ranking/index-reads.ts'
import { indexIndicators } from '../rooms/indicator-reads.ts'

/** Creates an event and indexes its texts and indicators, as a worker does. */
async function createIndexedEvent(stores: Stores, fields: Parameters<typeof anEvent>[1]): Promise<string> {
  const { event_id } = await anEvent(stores, { context: '', ...fields })
  await indexIndicators(stores, event_id, 100, INDICATOR_RULES)
  await indexRoom(stores, event_id)
  return event_id
}

async function createPlace(stores: Stores, message: string): Promise<Place> {
  const [event_id, owner] = [await createIndexedEvent(stores, { event_name: 'Now', message }), await aUser(stores)]
  return { event_id, owner, other: owner }
}

/** Lists the similar events that the owner's question would have as sources. */
const previewIncidents = async (
  { sources }: Stores,
  { event_id, owner }: Place,
  question = 'What now?',
  limits = CONTEXT_LIMITS,
) => (await sources.findContext({ event_id, user_id: owner, session_id: null, question }, limits))?.incidents

const createHost = () => `h${createId().slice(-12)}.example`

export function proveIncidentSources(t: Test, { stores }: Harness): void {
  t.test('[SRC10] an event that shares an indicator is a source, but not for a catch-up or switched off', async (t) => {
    const host = createHost()
    const place = await createPlace(stores, `Beacon to ${host}`)
    const event_id = await createIndexedEvent(stores, { event_name: 'March', message: `It was ${host}`, tlp: 'green' })

    t.same((await previewIncidents(stores, place))?.[0], {
      event_id,
      event_name: 'March',
      severity: 'high',
      tlp: 'green',
      sharedValues: [host],
      excerpt: `It was ${host}`,
    })
    t.same(await previewIncidents(stores, place, '/catchup'), [])
    const kinds = new Set(DEFAULT_CONTEXT_SOURCE_KINDS)
    t.same(await previewIncidents(stores, place, 'What now?', { ...CONTEXT_LIMITS, kinds }), [], 'it is off by default')
    t.ok(CONTEXT_SOURCE_KINDS.includes('incident'))
  })

  t.test('[SRC10] a restricted event is not a source, not even for its member', async (t) => {
    const host = createHost()
    const place = await createPlace(stores, `Beacon to ${host}`)
    const fields = { event_name: 'CANARY', access: 'restricted' as const, created_by: place.owner }
    const restricted = await createIndexedEvent(stores, { ...fields, message: host })
    t.notOk((await previewIncidents(stores, place))?.some(({ event_id }) => event_id === restricted))
  })

  t.test('[SRC10] a retried answer has no event that was opened after its question', async (t) => {
    const host = createHost()
    const place = await createPlace(stores, `Beacon to ${host}`)
    const { reply } = await stores.messages.ask(aQuestion(place))
    const { message_id } = reply.message
    await answerReply(stores, message_id)
    await waitForNextMillisecond()
    const later = await createIndexedEvent(stores, { event_name: 'CANARY', message: host })
    await stores.messages.retry(place.owner, message_id, () => ({ tokens: 0, micros: 0 }))

    const context = await stores.replies.findContext(message_id, CONTEXT_LIMITS)

    t.ok(context?.incidents)
    t.notOk(context?.incidents?.some(({ event_id }) => event_id === later))
  })
}
