import { createMysqlStores, findTrace } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { createMigratedDatabase, createQuestion, createRoom } from '../setup.ts'

t.test('[TRACE3] a request is looked for in a bounded part of the audit', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { messages } = createMysqlStores(mysql)
  const event_id = await createRoom(mysql)
  const ask = async (request_id: string) => {
    const question = createQuestion(event_id, { auditContext: { address: null, request_id } })
    await messages.ask(question)
    return { request_id, question_id: question.question_id }
  }
  const move = (request_id: string, set: string) =>
    mysql.pool.query(`UPDATE audit_log SET ${set} WHERE request_id = ?`, [request_id])

  const [own, proxied, moved, old] = [
    await ask(createId()),
    await ask('proxy-1'),
    await ask(createId()),
    await ask('proxy-2'),
  ]
  await move(own.request_id, 'created_at = created_at + INTERVAL 4 MINUTE')
  await move(moved.request_id, 'created_at = created_at + INTERVAL 6 MINUTE')
  await move(proxied.request_id, 'id = id + 1000000')
  await move(old.request_id, 'id = id + 1000000 - 100003')

  t.match(await findTrace(mysql, own.request_id), { question_id: own.question_id })
  t.match(await findTrace(mysql, proxied.request_id), { question_id: proxied.question_id })
  t.equal(await findTrace(mysql, moved.request_id), undefined, 'our own id tells another time')
  t.equal(await findTrace(mysql, old.request_id), undefined, 'it is not among the newest entries')
})

t.test('[TRACE3] neither search reads the whole audit', async (t) => {
  const database = await createMigratedDatabase(t)
  const mysql = database.openNode()
  const { audit, messages } = createMysqlStores(mysql)
  const entry = { action: 'send', actor: 'a', address: null, object_type: 'message', object_id: 'm' } as const
  const old = () => ({ ...entry, detail: null, event_id: createId(), request_id: createId() })
  for (let batch = 0; batch < 5; batch += 1) await audit.write(Array.from({ length: 1_000 }, old))
  await mysql.pool.query('UPDATE audit_log SET created_at = NOW(3) + INTERVAL IF(id % 2, 10, -10) DAY')
  const request_id = createId()
  const question = createQuestion(await createRoom(mysql), { auditContext: { address: null, request_id } })
  const { reply } = await messages.ask(question)
  const single = database.openNode(1) // The counters are those of its one connection.
  const { replies } = createMysqlStores(single)
  const countReads = async (search: () => Promise<unknown>): Promise<number> => {
    const sumReads = async () => {
      const [rows] = await single.pool.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler_read%'")
      return rows.reduce((sum, { Value }) => sum + Number(Value), 0)
    }
    const before = await sumReads()
    t.ok(await search())
    return (await sumReads()) - before
  }

  for (const [name, search] of [
    ['findTrace', () => findTrace(single, request_id)],
    ['findRequestId', () => replies.findRequestId(reply.message)],
  ] as const) {
    const reads = await countReads(search)
    t.ok(reads < 500, `${name}: ${reads} rows`)
  }
})
