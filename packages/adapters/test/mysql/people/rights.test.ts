import { mysqlStores } from '@engineer-chat/adapters/mysql'
import { newId } from '@engineer-chat/chat/shared'
import { test } from 'tap'
import { aRoom, migratedDatabase } from '../setup.ts'

test('[AUTH5] the node that changes a right sees it at once', async (t) => {
  const mysql = (await migratedDatabase(t)).node()
  const { rights, events, users, signIns } = mysqlStores(mysql)
  const [event_id, user_id, sign_in_id] = [await aRoom(mysql), newId(), newId()]
  await users.create({ user_id, username: 'ada', password_hash: 'x', role: 'engineer' })
  await signIns.begin({ sign_in_id, user_id, token_hash: newId(), ttl_s: 60, password_hash: 'x' })
  const membership = () => rights.membership(user_id, event_id)

  t.match(await membership(), { access: 'open', member: null })
  await events.putMember(event_id, user_id, 'observer')
  t.match(await membership(), { member: 'observer' })
  await events.update(event_id, { access: 'restricted' })
  t.match(await membership(), { access: 'restricted' })
  await events.removeMember(event_id, user_id)
  t.match(await membership(), { member: null })

  t.match(await rights.caller({ user_id, sign_in_id }), { role: 'engineer' })
  await signIns.end(sign_in_id)
  t.equal(await rights.caller({ user_id, sign_in_id }), undefined)
})

test('[STORE9] rights that cannot be read are unavailable, never granted', async (t) => {
  const mysql = (await migratedDatabase(t)).node()
  const { rights, rightsReader } = mysqlStores(mysql)
  await mysql.close()
  const sign_in = { user_id: newId(), sign_in_id: newId() }
  await t.rejects(rights.caller(sign_in), { code: 'unavailable' })
  await t.rejects(rights.membership(newId(), newId()), { code: 'unavailable' })
  await t.rejects(rightsReader.callers([sign_in]), { code: 'unavailable' })
})
