import { createMysqlStores, findTrace } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { createMigratedDatabase, createQuestion, createRoom } from '../setup.ts'

t.test('[TRACE3] a request is searched in a limited part of the audit', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { messages } = createMysqlStores(mysql)
  const event_id = await createRoom(mysql)
  const ask = async (request_id: string) => {
    const question = createQuestion(event_id, { auditContext: { address: null, request_id } })
    await messages.ask(question)
    return { request_id, question_id: question.question_id }
  }
  const changeEntry = (request_id: string, set: string) =>
    mysql.pool.query(`UPDATE audit_log SET ${set} WHERE request_id = ?`, [request_id])

  const [ownRequest, proxiedRequest, movedRequest, oldRequest] = [
    await ask(createId()),
    await ask('proxy-1'),
    await ask(createId()),
    await ask('proxy-2'),
  ]
  // An id of this system contains its time, and only entries within 5 minutes of it are searched. The ids of a proxy
  // are searched among the newest 100,000 entries.
  await changeEntry(ownRequest.request_id, 'created_at = created_at + INTERVAL 4 MINUTE')
  await changeEntry(movedRequest.request_id, 'created_at = created_at + INTERVAL 6 MINUTE')
  await changeEntry(proxiedRequest.request_id, 'id = id + 1000000')
  await changeEntry(oldRequest.request_id, 'id = id + 1000000 - 100003')

  t.match(await findTrace(mysql, ownRequest.request_id), { question_id: ownRequest.question_id })
  t.match(await findTrace(mysql, proxiedRequest.request_id), { question_id: proxiedRequest.question_id })
  t.equal(await findTrace(mysql, movedRequest.request_id), undefined, 'this system’s id contains another time')
  t.equal(await findTrace(mysql, oldRequest.request_id), undefined, 'it is not among the newest entries')
})

t.test('[TRACE3] a search does not read the whole audit', async (t) => {
  const database = await createMigratedDatabase(t)
  const mysql = database.openNode()
  const { audit, messages } = createMysqlStores(mysql)
  const entry = { action: 'send', actor: 'a', address: null, object_type: 'message', object_id: 'm' } as const
  const createOldEntry = () => ({ ...entry, detail: null, event_id: createId(), request_id: createId() })
  for (let batch = 0; batch < 5; batch += 1) await audit.write(Array.from({ length: 1_000 }, createOldEntry))
  await mysql.pool.query('UPDATE audit_log SET created_at = NOW(3) + INTERVAL IF(id % 2, 10, -10) DAY')
  const request_id = createId()
  const question = createQuestion(await createRoom(mysql), { auditContext: { address: null, request_id } })
  await messages.ask(question)
  const singleConnectionNode = database.openNode(1) // The counters belong to a connection.
  const countReads = async (search: () => Promise<unknown>): Promise<number> => {
    const sumReads = async () => {
      const [rows] = await singleConnectionNode.pool.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler_read%'")
      return rows.reduce((sum, { Value }) => sum + Number(Value), 0)
    }
    const before = await sumReads()
    t.ok(await search())
    return (await sumReads()) - before
  }

  const reads = await countReads(() => findTrace(singleConnectionNode, request_id))
  t.ok(reads < 500, `${reads} rows`)
})
