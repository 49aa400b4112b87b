import type { toDatabaseTls } from '@engineer-chat/adapters/environment'
import { createMysqlStores, type Mysql, openMysql, readMysqlInfo } from '@engineer-chat/adapters/mysql'
import { requireUsername } from '@engineer-chat/chat/credentials'
import { createArgon2Passwords, createUser, listUsers, updateUserAsOperator } from '@engineer-chat/chat/people'
import { type AuditedAct, ChatError, describeAct, type RoomBus } from '@engineer-chat/chat/shared'
import type { CreateUser, UpdateUser, User } from '@engineer-chat/protocol'
import { COMMAND_LINE_PRINCIPAL } from '../command-line.ts'
import type { UserSubcommand } from './arguments.ts'
import { readPassword } from './password.ts'
import { renderUsers } from './render-users.ts'

/** Reports that the database lacks migrations of this version. */
export class NotMigratedError extends Error {
  constructor() {
    super(
      "The database isn't migrated to this version: run `npm run migrate` (in an image: node dist/migrate.js) first.",
    )
  }
}

const PAGE_SIZE = 200

/**
 * Publishes nothing, so that Redis is not needed. Without a hint a node notices the end of a sign-in within a second.
 */
const noHints: RoomBus = { publish() {}, publishRightsChange() {}, publishCancel() {} }

interface DatabaseServer {
  url: string
  tls: ReturnType<typeof toDatabaseTls>
}

type Context = ReturnType<typeof createContext>

/**
 * Executes the command and returns the text to print.
 * @throws ChatError, NotMigratedError, MysqlUnreachableError, PasswordError, UserArgumentsError, InterruptedError
 */
export async function execute(server: DatabaseServer, command: UserSubcommand): Promise<string> {
  switch (command.type) {
    case 'list':
      return withContext(server, (ctx) => renderAllUsers(ctx, command.json))
    case 'create':
      return create(server, command)
    case 'reset-password':
      return resetPassword(server, command)
    case 'deactivate':
      return withContext(server, (ctx) => deactivate(ctx, command.username))
  }
}

async function renderAllUsers(ctx: Context, isJson: boolean): Promise<string> {
  await ctx.record([describeAct('admin_view', { object_type: 'user', detail: 'user list' })])
  const users: User[] = []
  let cursor: string | null = '' // An empty cursor asks for the first page.
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof listUsers>> = await listUsers(ctx, COMMAND_LINE_PRINCIPAL, {
      cursor,
      limit: PAGE_SIZE,
    })
    users.push(...page.items)
    cursor = page.next_cursor
  }
  if (isJson) return JSON.stringify(users, null, 2)
  return users.length > 0 ? renderUsers(users) : 'There is no user yet: create NAME --role=admin creates the first one.'
}

async function create(
  server: DatabaseServer,
  { username, role, passwordSource }: UserSubcommand & { type: 'create' },
): Promise<string> {
  // The name is checked first, so that nobody types a password in vain.
  await withContext(server, (ctx) => requireFreeName(ctx, username))
  const password = await readPassword(passwordSource, username)
  const user = await withContext(server, async (ctx) => {
    const input: CreateUser = { username, password, role }
    const result = await createUser(ctx, COMMAND_LINE_PRINCIPAL, input)
    await ctx.record(createUser.report.audit({ caller: COMMAND_LINE_PRINCIPAL, input, result }))
    return result
  })
  return appendPasswordIfGenerated(`${user.username} (${user.role}) is created.`, passwordSource, password)
}

async function resetPassword(
  server: DatabaseServer,
  { username, passwordSource }: UserSubcommand & { type: 'reset-password' },
): Promise<string> {
  const { user_id, active } = await withContext(server, (ctx) => getUser(ctx, username))
  const password = await readPassword(passwordSource, username)
  await withContext(server, (ctx) => updateUser(ctx, user_id, { password }))
  const message = `The password of ${username} is changed, and their sign-ins are ended.`
  const hint = active
    ? ''
    : '\nThe user is deactivated, and can sign in only after an admin activates them on the page.'
  return appendPasswordIfGenerated(message + hint, passwordSource, password)
}

async function deactivate(ctx: Context, username: string): Promise<string> {
  const { user_id, active } = await getUser(ctx, username)
  if (!active) return `${username} was deactivated already.`
  await updateUser(ctx, user_id, { active: false })
  return `${username} is deactivated, and their sign-ins are ended.`
}

async function updateUser(ctx: Context, user_id: string, changes: UpdateUser): Promise<void> {
  const input = { user_id, changes }
  const result = await updateUserAsOperator(ctx, COMMAND_LINE_PRINCIPAL, input)
  await ctx.record(updateUserAsOperator.report.audit({ caller: COMMAND_LINE_PRINCIPAL, input, result }))
}

async function requireFreeName({ users }: Context, username: string): Promise<void> {
  requireUsername(username)
  if (await users.findCredentials(username)) throw new ChatError('username_taken')
}

async function getUser({ users }: Context, username: string): Promise<User> {
  const credentials = await users.findCredentials(username)
  if (!credentials) throw new ChatError('user_not_found')
  return credentials.user
}

const appendPasswordIfGenerated = (message: string, { type }: { type: string }, password: string): string =>
  type === 'generated' ? `${message}\nThe password, which is shown only now: ${password}` : message

/** Opens a connection for one step, so that no connection is idle while the operator types. */
async function withContext<T>({ url, tls }: DatabaseServer, work: (ctx: Context) => Promise<T>): Promise<T> {
  const mysql = openMysql(url, { connectionLimit: 1, tls })
  try {
    await requireMigrations(mysql)
    return await work(createContext(mysql))
  } finally {
    await mysql.close()
  }
}

async function requireMigrations(mysql: Mysql): Promise<void> {
  // Unlike the pool, `open` throws MysqlUnreachableError, whose message is written for operators.
  const connection = await mysql.open()
  await connection.end()
  const { missingMigrations } = await readMysqlInfo(mysql)
  if (missingMigrations.length > 0) throw new NotMigratedError()
}

function createContext(mysql: Mysql) {
  const { users, audit } = createMysqlStores(mysql)
  const actor = { actor: COMMAND_LINE_PRINCIPAL.user_id, address: null, request_id: null }
  const record = (acts: AuditedAct[]) => audit.write(acts.map((act) => ({ ...act, ...actor })))
  return { users, passwords: createArgon2Passwords(), bus: noHints, record }
}
