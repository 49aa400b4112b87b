import type { Mysql } from './connection.ts'

interface Account {
  user: string
  password: string
  database: string
}

const RIGHTS = 'SELECT, INSERT, UPDATE, DELETE'
/** An account of before may have these, which only a migration or nobody needs. */
const OTHER_RIGHTS =
  'CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER, GRANT OPTION'

/**
 * Creates the account, or gives the existing one this password and these rights in its database, and connects by it
 * once. Doing it again changes nothing. Rights that it has beyond the database stay; the doctor warns of them.
 * @throws MysqlUnreachable when the account is refused afterwards
 */
export async function grantAccount(admin: Mysql, mysql: Mysql, { user, password, database }: Account): Promise<void> {
  const connection = await admin.open()
  try {
    const inDatabase = `ON ${toGrantPattern(database)}.*`
    await connection.query("CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ?", [user, password])
    await connection.query("ALTER USER ?@'%' IDENTIFIED BY ?", [user, password])
    await connection.query(`GRANT ${RIGHTS} ${inDatabase} TO ?@'%'`, [user])
    await connection.query(`REVOKE ${OTHER_RIGHTS} ${inDatabase} FROM ?@'%'`, [user])
  } finally {
    connection.destroy()
  }
  const own = await mysql.open()
  await own.end()
}

/** A name in GRANT is a pattern: `_` and `%` stand for other characters unless they are escaped. */
const toGrantPattern = (database: string): string =>
  `\`${database.replaceAll('`', '``').replaceAll(/[_%\\]/g, '\\$&')}\``
