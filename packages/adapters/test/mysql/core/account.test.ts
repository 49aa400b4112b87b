import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import {
  AccountNotGrantedError,
  createMysqlStores,
  grantAccount,
  MigrationNotAllowedError,
  migrate,
  openMysql,
  readMysqlInfo,
} from '@engineer-chat/adapters/mysql'
import { PartitionsNotAllowedError } from '@engineer-chat/chat/operations'
import { type Test, test } from 'tap'
import { createEmptyDatabase, createQuestion, createRoom } from '../setup.ts'

/** Prepares an empty database, and the name of an account that does not exist yet. */
async function prepareAccount(t: Test) {
  const database = await createEmptyDatabase(t)
  const admin = database.openNode()
  const account = { user: `app_${randomBytes(4).toString('hex')}`, password: "p'w\\", database: database.name }
  const open = ({ password } = account) => {
    const url = new URL(database.url)
    url.username = account.user
    url.password = encodeURIComponent(password)
    const mysql = openMysql(url.href, { connectionLimit: 3 })
    t.teardown(() => mysql.close())
    return mysql
  }
  t.teardown(async () => {
    const connection = await admin.open()
    await connection.query("DROP USER IF EXISTS ?@'%'", [account.user])
    connection.destroy()
  })
  return { database, admin, account, open }
}

test('[ACCOUNT1] the account is created with the rights to read and change rows, and with no others', async (t) => {
  const { database, admin, account, open } = await prepareAccount(t)
  await migrate(admin)
  const mysql = open()
  await grantAccount(admin, mysql, account)

  const { messages, timeline } = createMysqlStores(mysql, { budgets: {} })
  const event_id = await createRoom(database.openNode())
  await messages.ask(createQuestion(event_id))
  t.equal((await timeline.readChanges(event_id, null, 0, 100))?.rows.length, 2)
  t.same((await readMysqlInfo(mysql)).excessPrivileges, [])
  t.match(
    (await readMysqlInfo(database.openNode())).excessPrivileges.join(),
    /PRIVILEGES|CREATE/,
    'the account of the migration has more privileges',
  )
  await migrate(mysql) // There is nothing to change, so the start of a node needs no more rights.
  for (const sql of [
    ...['DROP TABLE messages', 'CREATE TABLE t (id INT)', 'ALTER TABLE messages ADD c INT', 'TRUNCATE messages'],
    ...["CREATE USER 'x'@'%'", 'SELECT * FROM mysql.user', 'SET GLOBAL max_connections = 1', 'CREATE DATABASE d'],
    ...["SELECT 1 INTO OUTFILE '/tmp/x'", `SHUTDOWN`, 'CREATE TEMPORARY TABLE t (id INT)', 'LOCK TABLES messages READ'],
  ]) {
    await t.rejects(mysql.pool.query(sql), { code: /ACCESS_DENIED|ER_DBACCESS|SPECIFIC_ACCESS/ }, sql)
  }
})

test('[ACCOUNT1] the account may change the partitions of two tables, and nothing in the schema of the others', async (t) => {
  const { admin, account, open } = await prepareAccount(t)
  await migrate(admin)
  const mysql = open()
  await grantAccount(admin, mysql, account)
  await admin.pool.query("INSERT INTO audit_log (action, object_type) VALUES ('send', 'message')")
  await admin.pool.query(
    "INSERT INTO llm_calls (message_id, attempt, model, outcome, total_ms) VALUES ('m', 1, 'm', 'ok', 1)",
  )

  const hasRun = await createMysqlStores(mysql).months.runAlone(async (tables) => {
    for (const table of ['audit_log', 'llm_calls'] as const) {
      await tables.addMonths(table, ['2999-12'])
      const state = await tables.readState(table)
      t.equal(state?.months.at(-1), '2999-12')
      await tables.removeMonth(table, state?.months[0] ?? '')
      t.not((await tables.readState(table))?.months[0], state?.months[0])
    }
  })

  t.equal(hasRun, true)
  for (const sql of ['ALTER TABLE messages ADD c INT', 'CREATE TABLE audit_log_2 (id INT)', 'DROP TABLE users']) {
    await t.rejects(mysql.pool.query(sql), { code: /ACCESS_?DENIED/ }, sql)
  }
})

test('[DATA6] an account of an older version, which may not change tables, gets a message that says so', async (t) => {
  const { admin, account, open } = await prepareAccount(t)
  await migrate(admin)
  const mysql = open()
  await grantAccount(admin, mysql, account)
  for (const table of ['audit_log', 'audit_log_exchange']) {
    await admin.pool.query(`REVOKE CREATE, ALTER, DROP ON \`${account.database}\`.${table} FROM ?@'%'`, [account.user])
  }
  await createMysqlStores(mysql).months.runAlone(async (tables) => {
    await t.rejects(tables.addMonths('audit_log', ['2999-12']), PartitionsNotAllowedError)
    const [month = ''] = (await tables.readState('audit_log'))?.months ?? []
    await t.rejects(tables.removeMonth('audit_log', month), PartitionsNotAllowedError)
  })
})

test('[ACCOUNT1] the account has privileges only in its own database, whose name is not a pattern', async (t) => {
  const { admin, account, database, open } = await prepareAccount(t)
  const similarName = database.name.replace('_', 'x')
  await admin.pool.query(`CREATE DATABASE ${similarName}`)
  t.teardown(() => admin.pool.query(`DROP DATABASE ${similarName}`))
  await admin.pool.query(`CREATE TABLE ${similarName}.t (id INT)`)
  const mysql = open()
  await grantAccount(admin, mysql, account)
  await t.rejects(mysql.pool.query(`SELECT * FROM ${similarName}.t`), { code: /ACCESS_?DENIED/ })
})

test('[ACCOUNT1] granting again changes the password and revokes other privileges', async (t) => {
  const { admin, account, open } = await prepareAccount(t)
  await migrate(admin)
  await grantAccount(admin, open(), account)
  await admin.pool.query(`GRANT ALL ON \`${account.database}\`.* TO ?@'%' WITH GRANT OPTION`, [account.user])
  const accountWithNewPassword = { ...account, password: 'other' }
  const mysql = open(accountWithNewPassword)
  await grantAccount(admin, mysql, accountWithNewPassword)
  await t.rejects(mysql.pool.query('CREATE TABLE t (id INT)'), { code: /ACCESS_?DENIED/ })
  await t.rejects(open().open(), { message: /No connection to MySQL \(ER_ACCESS_DENIED_ERROR\)/ })
})

test('[ACCOUNT1] if the administrator may not create accounts, the error says so and contains no password', async (t) => {
  const { admin, account, open } = await prepareAccount(t)
  await grantAccount(admin, open(), account)
  // The account itself takes the administrator's place here.
  const otherAccount = { ...account, user: `${account.user}_2`, password: 'Correct-Horse-7' }
  const error = await grantAccount(open(), open(), otherAccount).catch((error: unknown) => error)
  const output = inspect(error, { depth: 10, showHidden: true })
  t.notMatch(output, 'Correct-Horse-7')
  if (!(error instanceof AccountNotGrantedError)) return t.fail('the error is of another class')
  t.match(error.message, /DATABASE_ADMIN_URL needs the right to create accounts/)
  t.match(error.message, 'ER_SPECIFIC_ACCESS_DENIED_ERROR')
})

test('[ACCOUNT2] a node whose account may not change tables says what to do', async (t) => {
  const { admin, account, open } = await prepareAccount(t)
  const mysql = open()
  await grantAccount(admin, mysql, account)
  const error = await migrate(mysql).catch((error: unknown) => error)
  if (!(error instanceof MigrationNotAllowedError))
    return t.fail('the migration succeeded, or failed with another error')
  t.match(error.message, /Run `npm run migrate`.* with DATABASE_ADMIN_URL first/)
  t.notMatch(error.message, account.user)
})
