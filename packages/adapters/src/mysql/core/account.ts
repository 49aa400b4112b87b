import type { Mysql } from './connection.ts'

interface Account {
  user: string
  password: string
  database: string
}

const ROW_PRIVILEGES = 'SELECT, INSERT, UPDATE, DELETE'
/** Workers add and drop months with these privileges, which add little power: the account may delete rows anyway. */
const PARTITION_PRIVILEGES = 'CREATE, ALTER, DROP'
/**
 * Lists the tables that are stored by month, each with its exchange table: a month is removed by exchanging its
 * partition with that table.
 */
export const PARTITIONED_TABLES = ['audit_log', 'audit_log_exchange', 'llm_calls', 'llm_calls_exchange']
/**
 * An older version may have given an account these privileges in the whole database, where a node needs none of them.
 */
const REVOKED_PRIVILEGES =
  'CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER, GRANT OPTION'

/**
 * Says that the server refused a statement about the account. It has no cause, because the driver's error quotes the
 * statement, and the statement has the account's password.
 */
export class AccountNotGrantedError extends Error {
  constructor(error: unknown) {
    super(
      `MySQL refused to make the account of DATABASE_URL (${readCode(error)}). The account of DATABASE_ADMIN_URL needs the right to ` +
        "create accounts (CREATE USER), and those rights in the database WITH GRANT OPTION. A password policy refuses, too: is DATABASE_URL's long enough?",
    )
    this.name = 'AccountNotGrantedError'
  }
}

function readCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const parts = ['code' in error ? error.code : undefined, 'errno' in error ? error.errno : undefined]
  return parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(' ') || 'unknown'
}

/**
 * Creates the account, or gives the existing one this password and these privileges in its database. Then it opens one
 * connection of `mysql`, to see whether the account can connect. A second call changes nothing. Privileges outside of
 * the database stay; the doctor warns of them.
 * @throws AccountNotGrantedError, and MysqlUnreachableError when the account is refused afterwards
 */
export async function grantAccount(admin: Mysql, mysql: Mysql, { user, password, database }: Account): Promise<void> {
  const connection = await admin.open()
  try {
    const inDatabase = `ON ${toGrantPattern(database)}.*`
    await connection.query("CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ?", [user, password])
    await connection.query("ALTER USER ?@'%' IDENTIFIED BY ?", [user, password])
    await connection.query(`GRANT ${ROW_PRIVILEGES} ${inDatabase} TO ?@'%'`, [user])
    for (const table of PARTITIONED_TABLES) {
      const onTable = `ON \`${database.replaceAll('`', '``')}\`.${table}`
      await connection.query(`GRANT ${PARTITION_PRIVILEGES} ${onTable} TO ?@'%'`, [user])
    }
    await connection.query(`REVOKE ${REVOKED_PRIVILEGES} ${inDatabase} FROM ?@'%'`, [user])
  } catch (error) {
    throw new AccountNotGrantedError(error)
  } finally {
    connection.destroy()
  }
  const accountConnection = await mysql.open()
  await accountConnection.end()
}

/** A name in GRANT is a pattern: `_` and `%` stand for other characters unless they are escaped. */
const toGrantPattern = (database: string): string =>
  `\`${database.replaceAll('`', '``').replaceAll(/[_%\\]/g, '\\$&')}\``
