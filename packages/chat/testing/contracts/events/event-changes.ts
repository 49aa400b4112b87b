import { readEventChange } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import { anEvent, getSeq, type Harness } from '../harness.ts'

export const PERSON = { user_id: 'alice', role: 'engineer' } as const
const OTHER_PERSON = { user_id: 'bob', role: 'engineer' } as const
export const AGENT = { user_id: 'captain', role: 'agent' } as const

export function proveEventChanges(t: Test, { stores }: Harness): void {
  const { events, timeline } = stores
  const readAll = async (event_id: string) => {
    const page = await timeline.readPage(event_id, ['all'], { limit: 100 })
    return page.rows.map(({ message }) => message)
  }

  t.test(
    '[EVENT11] a change of an event adds a row to the timeline, which takes its own sequence number',
    async (t) => {
      const { event_id } = await anEvent(stores)

      const { event, change } = await events.update(event_id, { severity: 'critical', tlp: 'red' }, PERSON)

      t.match(event, { severity: 'critical', tlp: 'red', seq: 2 })
      t.match(change, { first_seq: 1, seq: 2, event, rows: [{ audience: 'all', attempt: 0 }] })
      const rows = await readAll(event_id)
      t.same(
        rows,
        change?.rows?.map(({ message }) => message),
      )
      t.equal(rows.length, 1)
      t.match(rows, [
        {
          position: 2,
          seq: 2,
          user_id: 'alice',
          message_from: 'system',
          message_type: 'event_change',
          message_category: 'room',
          sender_type: 'system',
          visibility: 'room',
          message_content: {
            content: 'Severity was changed from high to critical. TLP was changed from AMBER to RED.',
            changes: { severity: ['high', 'critical'], tlp: ['amber', 'red'] },
            by: 'alice',
          },
          created_at: event.updated_at,
        },
      ])
    },
  )

  t.test('[EVENT11] for a long text the row says only that it was rewritten', async (t) => {
    const { event_id } = await anEvent(stores)
    await events.update(event_id, { message: 'A new report.', context: 'A new context.' }, PERSON)
    const [row] = await readAll(event_id)
    t.same(row?.message_content, {
      content: 'The report was rewritten. The context was rewritten.',
      changes: { message: [null, null], context: [null, null] },
      by: 'alice',
    })
  })

  t.test('[EVENT11] an update that changes nothing takes no sequence number and leaves no row', async (t) => {
    const { event_id, ...before } = await anEvent(stores)
    const { event, change } = await events.update(event_id, { severity: before.severity, tlp: before.tlp }, PERSON)
    t.equal(change, null)
    t.same(event, { event_id, ...before })
    t.same(await readAll(event_id), [])
    const mixed = await events.update(event_id, { severity: before.severity, tlp: 'red' }, PERSON)
    t.equal(mixed.change?.rows?.length, 1)
    t.match(mixed.change?.rows, [{ message: { message_content: { changes: { tlp: ['amber', 'red'] } } } }])
    t.notMatch(JSON.stringify(mixed.change?.rows), 'severity')
  })

  t.test('[EVENT11] a status that an agent sets for its round adds no row; its other changes do', async (t) => {
    const { event_id } = await anEvent(stores)
    await events.update(event_id, { event_status: 'processing' }, AGENT)
    await events.update(event_id, { event_status: 'round_finished', severity: 'low' }, AGENT)
    await events.update(event_id, { event_status: 'closed' }, AGENT)
    await events.update(event_id, { event_status: 'processing' }, AGENT)
    const changes = (await readAll(event_id)).map(({ message_content: { changes } }) => changes)
    t.same(changes, [
      { severity: ['high', 'low'] },
      { event_status: ['round_finished', 'closed'] },
      { event_status: ['closed', 'processing'] },
    ])
  })

  t.test('[EVENT12] each of several simultaneous changes records the value that it replaced', async (t) => {
    const place = { ...(await anEvent(stores)), owner: 'alice', other: 'bob' }
    const { event_id } = place
    const severities = ['low', 'critical', 'medium', 'high'] as const
    await Promise.all(
      severities.flatMap((severity, index) => [
        events.update(event_id, { severity }, index % 2 ? PERSON : OTHER_PERSON),
        events.update(event_id, { event_name: `Name ${index}` }, PERSON),
      ]),
    )
    const rows = await readAll(event_id)
    const currentValues = new Map<string, unknown>([
      ['severity', 'high'],
      ['event_name', 'Strange logins'],
    ])
    for (const { field, from, to } of rows.flatMap((row) => readEventChange(row) ?? [])) {
      t.equal(from, currentValues.get(field), `${field} before the change`)
      currentValues.set(field, to)
    }
    t.match(await events.find(event_id), Object.fromEntries(currentValues))
    t.ok(rows.length >= 7, 'at most one of the eight changes found its value already set')
    t.equal(await getSeq(stores, place), 2 * rows.length)
  })
}
