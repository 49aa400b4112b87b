import type { Test } from 'tap'
import { INDICATOR_RULES } from '../../../src/rooms/indicators/indicator-rules.ts'
import type { IndicatorRules } from '../../../src/rooms/indicators/indicator-store.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import { anEvent, aPlace, aUser, type Harness, postMessage } from '../harness.ts'
import { createEngineer, indexIndicators, listValues, toReader } from './indicator-reads.ts'

export function proveIndicatorReports(t: Test, { stores }: Harness): void {
  const { indicators } = stores
  const reader = createEngineer('anybody')

  t.test('[INDICATOR11] a report is listed with its event’s time, also in a room without messages', async (t) => {
    const [event_name, message] = ['Beacon to 198.51.100[.]23', 'From 198.51.100.23 to a.report.example']
    const event = await anEvent(stores, { event_name, message, context: 'CVE-2024-3094' })
    t.ok((await indicators.listRoomsBehind(1_000)).includes(event.event_id))

    await indexIndicators(stores, event.event_id)

    t.notOk((await indicators.listRoomsBehind(1_000)).includes(event.event_id))
    const { items } = await indicators.list(toReader(reader), event.event_id, { limit: 10 })
    const expected = { count: 1, first_at: event.created_at, last_at: event.created_at, events: 1 }
    t.same(
      items.sort((one, other) => (one.value < other.value ? -1 : 1)),
      [
        { type: 'ipv4', value: '198.51.100.23', ...expected },
        { type: 'cve', value: 'CVE-2024-3094', ...expected },
        { type: 'domain', value: 'a.report.example', ...expected },
      ],
    )
  })

  t.test('[INDICATOR11] a value of the report and of messages counts each of them once', async (t) => {
    const { event_id } = await anEvent(stores, { message: '198.51.100.24', context: '198.51.100.24' })
    const place = { ...(await aPlace(stores)), event_id }
    for (let n = 0; n < 3; n++) await postMessage(stores, place, 'all', '198.51.100.24')
    await indexIndicators(stores, event_id, 2)
    t.same(await listValues(stores, reader, event_id), ['198.51.100.24 4 1'])
  })

  t.test('[INDICATOR11] a rewritten report replaces its indicators, and no other change reads it again', async (t) => {
    const { event_id } = await anEvent(stores, { message: 'old.report.example', context: 'kept.report.example' })
    const place = { ...(await aPlace(stores)), event_id }
    let reads = 0
    const rules: IndicatorRules = {
      ...INDICATOR_RULES,
      listReportOccurrences(report) {
        reads += 1
        return INDICATOR_RULES.listReportOccurrences(report)
      },
    }
    await indexIndicators(stores, event_id, 100, rules)
    await stores.events.update(event_id, { severity: 'low' }, reader)
    await postMessage(stores, place, 'all', 'a.message.example')
    await indexIndicators(stores, event_id, 100, rules)
    t.equal(reads, 1)

    await stores.events.update(event_id, { message: 'new.report.example' }, reader)
    await indexIndicators(stores, event_id, 100, rules)

    t.equal(reads, 2)
    t.same((await listValues(stores, reader, event_id)).sort(), [
      'a.message.example 1 1',
      'kept.report.example 1 1',
      'new.report.example 1 1',
    ])
  })

  t.test('[INDICATOR10] a room that is reset has its report again', async (t) => {
    const { event_id } = await anEvent(stores, { message: 'reset.report.example' })
    await indexIndicators(stores, event_id)

    await indicators.reset(event_id)

    t.same(await listValues(stores, reader, event_id), [])
    t.ok((await indicators.listRoomsBehind(1_000)).includes(event_id))
    await indexIndicators(stores, event_id)
    t.same(await listValues(stores, reader, event_id), ['reset.report.example 1 1'])
  })

  t.test('[INDICATOR8] the report of a restricted event counts for those who may enter', async (t) => {
    const [member, outsider] = [await aUser(stores), 'outsider']
    const open = await anEvent(stores, { message: '203.0.113.5' })
    const restricted = await anEvent(stores, { message: '203.0.113.5', access: 'restricted', created_by: member })
    for (const { event_id } of [open, restricted]) await indexIndicators(stores, event_id)
    const search = async (caller: Principal) => {
      const { items } = await stores.indicators.search(toReader(caller), { beginnings: ['203.0.113.5'], limit: 10 })
      return items.map(({ event_id }) => event_id).sort()
    }
    t.same(await listValues(stores, createEngineer(outsider), open.event_id), ['203.0.113.5 1 1'])
    t.same(await listValues(stores, createEngineer(member), open.event_id), ['203.0.113.5 1 2'])
    t.same(await search(createEngineer(outsider)), [open.event_id])
    t.same(await search(createEngineer(member)), [open.event_id, restricted.event_id].sort())
  })
}
