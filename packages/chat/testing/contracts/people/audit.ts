import type { Test } from 'tap'
import type { AuditEntry } from '../../../src/shared/audit/audit.ts'
import { createId } from '../../../src/shared/ids.ts'
import { aPlace, aQuestion, type Harness, type MakeHarness, runSuite } from '../harness.ts'

const anEntry = (fields: Partial<AuditEntry> = {}): AuditEntry => ({
  action: 'share',
  actor: 'alice',
  address: '192.0.2.1',
  object_type: 'session',
  object_id: 'chat_1',
  event_id: 'event-1',
  detail: null,
  request_id: 'request-1',
  ...fields,
})

/** Proves an AuditLog. */
export const auditContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'audit', make, provePages, proveFilters, proveQuestionEntries, proveRetention)

function provePages(t: Test, { stores: { audit } }: Harness): void {
  t.test('[AUDIT1] entries are listed page by page, the newest first', async (t) => {
    const event_id = createId()
    await audit.write([anEntry({ event_id, object_id: 'one' }), anEntry({ event_id, object_id: 'two' })])
    await audit.write([anEntry({ event_id, object_id: 'three' })])

    const firstPage = await audit.list({ event_id, limit: 2 })
    const lastPage = await audit.list({ event_id, limit: 2, cursor: firstPage.next_cursor ?? '' })

    t.same(
      firstPage.items.map(({ object_id }) => object_id),
      ['three', 'two'],
    )
    t.same([lastPage.items.map(({ object_id }) => object_id), lastPage.next_cursor], [['one'], null])
  })

  t.test('[AUDIT1] entries are listed with the values that were written', async (t) => {
    const event_id = createId()
    const entries = [
      anEntry({ event_id, object_id: 'with-actor' }),
      anEntry({ event_id, object_id: 'without-actor', actor: null, address: null, detail: 'role=admin' }),
    ]

    await audit.write(entries)

    const { items } = await audit.list({ event_id, limit: 2 })
    t.match(items[0], { at: /^\d{4}-.*Z$/, id: /^\d+$/ })
    const listed = items.map(({ id, at, ...entry }) => entry)
    t.same(listed, entries.toReversed())
  })
}

function proveFilters(t: Test, { stores: { audit } }: Harness): void {
  t.test('[AUDIT1] each filter applies, alone and together with others', async (t) => {
    const actor = createId()
    await audit.write([
      anEntry({ actor }),
      anEntry({ actor, action: 'retry', object_id: 'm1' }),
      anEntry({ action: 'retry' }),
    ])

    const listActions = async (filter: object) => {
      const { items } = await audit.list({ actor, ...filter, limit: 10 })
      return items.map(({ action }) => action)
    }

    t.same(await listActions({}), ['retry', 'share'])
    t.same(await listActions({ action: 'retry' }), ['retry'])
    t.same(await listActions({ object_id: 'm1' }), ['retry'])
    t.same(await listActions({ action: 'share', object_id: 'm1' }), [])
    t.same(await listActions({ from: '2000-01-01T00:00:00Z', to: '2999-01-01T00:00:00.000Z' }), ['retry', 'share'])
    t.same(await listActions({ to: '2000-01-01T00:00:00Z' }), [])
    t.same(await listActions({ from: '2999-01-01T00:00:00Z' }), [])
  })
}

function proveQuestionEntries(t: Test, { stores }: Harness): void {
  const { audit, messages } = stores

  t.test('[AUDIT2] a stored question has one audit entry; a repeated or refused question adds none', async (t) => {
    const place = await aPlace(stores)
    const auditContext = { address: '192.0.2.7', request_id: createId() }
    const stored = aQuestion(place, { auditContext, client_message_id: createId() })

    await messages.ask(stored)
    await messages.ask({ ...stored, question_id: createId(), reply_id: createId() })
    await messages.ask(aQuestion(place, { auditContext, max_rounds: 1 })).catch(() => undefined)

    const { items } = await audit.list({ event_id: place.event_id, limit: 10 })
    t.match(items, [{ action: 'send', actor: place.owner, object_id: stored.question_id, ...auditContext }])
    t.equal(items.length, 1)
  })

  t.test('[AUDIT2] a question that is stored without an audit context has no audit entry', async (t) => {
    const place = await aPlace(stores)

    await messages.ask(aQuestion(place))

    t.same((await audit.list({ event_id: place.event_id, limit: 10 })).items, [])
  })
}

function proveRetention(t: Test, { stores: { audit, retention } }: Harness): void {
  t.test('[AUDIT4] entries that are not old enough are not removed', async (t) => {
    await audit.write([anEntry()])
    const before = (await audit.list({ limit: 100 })).items.length

    const removed = await retention.removeAudit(1, 100)

    t.equal(removed, 0)
    t.equal((await audit.list({ limit: 100 })).items.length, before)
  })
}
