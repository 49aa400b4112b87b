import type { Test } from 'tap'
import type { AuditEntry } from '../../../src/shared/audit.ts'
import { createId } from '../../../src/shared/ids.ts'
import { aPlace, aQuestion, type MakeHarness, suite } from '../harness.ts'

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

export const auditContract = (t: Test, make: MakeHarness) =>
  suite(t, 'audit', make, (t, { stores }) => {
    const { audit, messages } = stores

    t.test('[AUDIT1] lines come back as they were written, the newest first, page by page', async (t) => {
      const event_id = createId()
      await audit.write([anEntry({ event_id, object_id: 'one' }), anEntry({ event_id, object_id: 'two' })])
      await audit.write([anEntry({ event_id, object_id: 'three', actor: null, address: null, detail: 'role=admin' })])
      const first = await audit.list({ event_id, limit: 2 })
      t.same(
        first.items.map(({ object_id }) => object_id),
        ['three', 'two'],
      )
      t.match(first.items[0], { actor: null, address: null, detail: 'role=admin', at: /^\d{4}-.*Z$/, id: /^\d+$/ })
      const rest = await audit.list({ event_id, limit: 2, cursor: first.next_cursor ?? '' })
      t.same([rest.items.map(({ object_id }) => object_id), rest.next_cursor], [['one'], null])
      const { id, at, ...recorded } = rest.items[0] ?? {}
      t.same(recorded, anEntry({ event_id, object_id: 'one' }))
    })

    t.test('[AUDIT1] every filter holds, and all of them together', async (t) => {
      const actor = createId()
      await audit.write([
        anEntry({ actor }),
        anEntry({ actor, action: 'retry', object_id: 'm1' }),
        anEntry({ action: 'retry' }),
      ])
      const ids = async (query: object) => {
        const { items } = await audit.list({ actor, ...query, limit: 10 })
        return items.map(({ action }) => action)
      }
      t.same(await ids({}), ['retry', 'share'])
      t.same(await ids({ action: 'retry' }), ['retry'])
      t.same(await ids({ object_id: 'm1' }), ['retry'])
      t.same(await ids({ action: 'share', object_id: 'm1' }), [])
      t.same(await ids({ from: '2000-01-01T00:00:00Z', to: '2999-01-01T00:00:00.000Z' }), ['retry', 'share'])
      t.same(await ids({ to: '2000-01-01T00:00:00Z' }), [])
      t.same(await ids({ from: '2999-01-01T00:00:00Z' }), [])
    })

    t.test('[AUDIT2] a stored question has its line, and one that stored nothing has none', async (t) => {
      const place = await aPlace(stores)
      const auditContext = { address: '192.0.2.7', request_id: createId() }
      const first = aQuestion(place, { auditContext, client_message_id: createId() })
      await messages.ask(first)
      await messages.ask({ ...first, question_id: createId(), reply_id: createId() })
      await messages.ask(aQuestion(place, { auditContext, max_rounds: 1 })).catch(() => undefined)
      await messages.ask(aQuestion(place)) // This question has no request, so it leaves no entry.
      const { items } = await audit.list({ event_id: place.event_id, limit: 10 })
      t.match(items, [{ action: 'send', actor: place.owner, object_id: first.question_id, ...auditContext }])
      t.equal(items.length, 1)
    })

    t.test('[AUDIT4] only their age removes lines, a bounded number at a time', async (t) => {
      const before = (await audit.list({ limit: 100 })).items.length
      t.equal(await stores.retention.removeAudit(1, 100), 0)
      t.equal((await audit.list({ limit: 100 })).items.length, before)
    })
  })
