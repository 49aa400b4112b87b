import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { createId } from '@engineer-chat/chat/shared'
import type { UserRole } from '@engineer-chat/protocol'
import type { Product } from './product.ts'
import { TestUser } from './test-user.ts'

/** Every user that this file creates has this password. */
export const PASSWORD = 'only-for-the-proof'

/**
 * Creates an admin in the database, and through the API the engineers alice and bob and an agent with the username
 * captain. Returns all four in this order, signed in.
 */
export async function createUsers(
  product: Pick<Product, 'mysql'>,
  baseUrl: string,
): Promise<[TestUser, TestUser, TestUser, TestUser]> {
  const mysql = openMysql(product.mysql.url, { connectionLimit: 1 })
  const password_hash = await createArgon2Passwords().hash(PASSWORD)
  await createMysqlStores(mysql).users.create({ user_id: createId(), username: 'admin', password_hash, role: 'admin' })
  await mysql.close()
  const admin = await TestUser.signIn(baseUrl, 'admin', PASSWORD)
  const addUser = async (username: string, role: UserRole) => {
    const response = await admin.call(baseUrl, 'POST', '/api/users', { username, password: PASSWORD, role })
    if (response.status !== 201)
      throw new Error(`The user ${username} was not created: ${response.status} ${response.text}`)
    return TestUser.signIn(baseUrl, username, PASSWORD)
  }
  return [
    admin,
    await addUser('alice', 'engineer'),
    await addUser('bob', 'engineer'),
    await addUser('captain', 'agent'),
  ]
}

/**
 * Creates this number of engineers in the database and signs them in. The password is hashed once for all of them,
 * because each hashing takes long.
 */
export async function createEngineers(
  product: Pick<Product, 'mysql'>,
  baseUrl: string,
  count: number,
): Promise<TestUser[]> {
  const mysql = openMysql(product.mysql.url, { connectionLimit: 2 })
  const { users } = createMysqlStores(mysql)
  const password_hash = await createArgon2Passwords().hash(PASSWORD)
  const engineers: TestUser[] = []
  for (let number = 1; number <= count; number++) {
    const username = `engineer-${number}`
    await users.create({ user_id: createId(), username, password_hash, role: 'engineer' })
    engineers.push(await TestUser.signIn(baseUrl, username, PASSWORD))
  }
  await mysql.close()
  return engineers
}
