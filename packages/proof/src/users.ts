import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { createId } from '@engineer-chat/chat/shared'
import type { UserRole } from '@engineer-chat/protocol'
import { Person } from './person.ts'
import type { Product } from './product.ts'

export const PASSWORD = 'only-for-the-proof'

/** Creates an admin in the database and the others by the API, as an operator does, and signs all of them in. */
export async function createUsers(
  product: Pick<Product, 'mysql'>,
  base: string,
): Promise<[Person, Person, Person, Person]> {
  const mysql = openMysql(product.mysql.url, { connectionLimit: 1 })
  const password_hash = await createArgon2Passwords().hash(PASSWORD)
  await createMysqlStores(mysql).users.create({ user_id: createId(), username: 'admin', password_hash, role: 'admin' })
  await mysql.close()
  const admin = await Person.signIn(base, 'admin', PASSWORD)
  const add = async (username: string, role: UserRole) => {
    const answer = await admin.call(base, 'POST', '/api/users', { username, password: PASSWORD, role })
    if (answer.status !== 201) throw new Error(`user ${username}: ${answer.status} ${answer.text}`)
    return Person.signIn(base, username, PASSWORD)
  }
  return [admin, await add('alice', 'engineer'), await add('bob', 'engineer'), await add('captain', 'agent')]
}
