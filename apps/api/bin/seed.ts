// `npm start` runs it before the first API node: migrations, users, and the demo, of which what is there is left alone.
// In: {"users": [{"username", "password", "role"}], "demo": true}. Out: {"demo_event_id", "others"}.
import { text } from 'node:stream/consumers'
import { Environment, EnvironmentError, readEnvironment } from '@engineer-chat/adapters/environment'
import { connect, migrate, mysqlStores } from '@engineer-chat/adapters/mysql'
import { argon2Passwords } from '@engineer-chat/chat'
import { Type } from 'typebox'
import { DEMO_EVENTS } from './demo/events.ts'
import { seedEvent } from './demo/seed-event.ts'
import { seedUsers, type Wanted } from './demo/seed-users.ts'

const { DATABASE_URL } = readConfig()
const { users, demo } = JSON.parse(await text(process.stdin)) as { users: Wanted[]; demo: boolean }

const mysql = connect(DATABASE_URL, { connectionLimit: 4 })
try {
  await migrate(mysql)
  const stores = mysqlStores(mysql)
  const seeded = await seedUsers({ users: stores.users, passwords: argon2Passwords() }, users)
  if (demo) for (const event of DEMO_EVENTS) await seedEvent(stores, seeded.ids, event)
  const demo_event_id = demo ? (DEMO_EVENTS[0]?.event.event_id ?? null) : null
  console.log(JSON.stringify({ demo_event_id, others: seeded.others }))
} finally {
  await mysql.close()
}

function readConfig() {
  try {
    return readEnvironment(process.env, Type.Pick(Environment, ['DATABASE_URL']))
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
