// `npm start` runs this before the first API node. It migrates the database, and creates the users and the demo if they
// do not exist. It reads {"users": [{"username", "password", "role"}], "demo": true} and prints {"demo_event_id",
// "others"}. `others` lists the usernames that people had taken already.
import { text } from 'node:stream/consumers'
import { EnvironmentError, readConfig, toDatabaseTls } from '@engineer-chat/adapters/environment'
import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { createExitOnError } from '@engineer-chat/process/exit'
import { seedDocuments } from './demo/documents.ts'
import { DEMO_EVENTS } from './demo/events.ts'
import { seedEvent } from './demo/seed-event.ts'
import { seedUsers, type UserToSeed } from './demo/seed-users.ts'

const runOrExit = createExitOnError({ configuration: [EnvironmentError], unavailable: [] })
const config = await runOrExit(() => readConfig(process.env, ['database']))
const { users, demo }: { users: UserToSeed[]; demo: boolean } = JSON.parse(await text(process.stdin))

const mysql = openMysql(config.database.url, { connectionLimit: 4, tls: toDatabaseTls(config) })
try {
  await migrate(mysql)
  const stores = createMysqlStores(mysql)
  const seeded = await seedUsers({ users: stores.users, passwords: createArgon2Passwords() }, users)
  if (demo) {
    for (const event of DEMO_EVENTS) await seedEvent(stores, seeded.ids, event)
    await seedDocuments(stores)
  }
  const demo_event_id = demo ? (DEMO_EVENTS[0]?.event.event_id ?? null) : null
  console.log(JSON.stringify({ demo_event_id, others: seeded.existingUsernames }))
} finally {
  await mysql.close()
}
