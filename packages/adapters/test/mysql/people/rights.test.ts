import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { test } from 'tap'
import { createMigratedDatabase, createRoom } from '../setup.ts'

test('[AUTH5] the node that changes a right sees it immediately', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { rights, events, users, signIns } = createMysqlStores(mysql)
  const [event_id, user_id, sign_in_id] = [await createRoom(mysql), createId(), createId()]
  await users.create({ user_id, username: 'ada', password_hash: 'x', role: 'engineer' })
  await signIns.create({ sign_in_id, user_id, token_hash: createId(), refreshTokenSeconds: 60, verified_hash: 'x' })
  const findAccessAndRole = () => rights.findAccessAndRole(user_id, event_id)

  t.match(await findAccessAndRole(), { access: 'open', role: null })
  await events.putMember(event_id, user_id, 'observer')
  t.match(await findAccessAndRole(), { role: 'observer' })
  await events.update(event_id, { access: 'restricted' }, { user_id: 'root', role: 'admin' })
  t.match(await findAccessAndRole(), { access: 'restricted' })
  await events.removeMember(event_id, user_id)
  t.match(await findAccessAndRole(), { role: null })

  t.match(await rights.findPrincipal({ user_id, sign_in_id }), { role: 'engineer' })
  await signIns.end(sign_in_id)
  t.equal(await rights.findPrincipal({ user_id, sign_in_id }), undefined)
})

test('[AUTH5] the node on which a used token is presented again ends its sign-in immediately', async (t) => {
  const { rights, users, signIns } = createMysqlStores((await createMigratedDatabase(t)).openNode())
  const [user_id, sign_in_id, token_hash] = [createId(), createId(), createId()]
  const lifetime = { refreshTokenSeconds: 60, maxAgeSeconds: 60 }
  await users.create({ user_id, username: 'ada', password_hash: 'x', role: 'engineer' })
  await signIns.create({ sign_in_id, user_id, token_hash, refreshTokenSeconds: 60, verified_hash: 'x' })
  t.match(await signIns.rotate(token_hash, createId(), lifetime), { sign_in_id })
  t.match(await rights.findPrincipal({ user_id, sign_in_id }), { role: 'engineer' })

  t.equal(await signIns.rotate(token_hash, createId(), lifetime), undefined)

  t.equal(await rights.findPrincipal({ user_id, sign_in_id }), undefined)
})

test('[STORE9] rights that cannot be read are unavailable, never granted', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { rights, uncachedRights } = createMysqlStores(mysql)
  await mysql.close()
  const signIn = { user_id: createId(), sign_in_id: createId() }
  await t.rejects(rights.findPrincipal(signIn), { code: 'unavailable' })
  await t.rejects(rights.findAccessAndRole(createId(), createId()), { code: 'unavailable' })
  await t.rejects(uncachedRights.findPrincipals([signIn]), { code: 'unavailable' })
})
