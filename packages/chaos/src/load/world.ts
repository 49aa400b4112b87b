import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { createId } from '@engineer-chat/chat/shared'
import { Person } from '@engineer-chat/proof'
import { type Caller, caller } from './caller.ts'
import type { Ledger } from './ledger.ts'

const PASSWORD = 'only-for-the-chaos'

export interface World {
  engineers: Caller[]
  agent: Caller
  /** Open to everybody, but for the last: its members are all engineers but the last one. */
  events: string[]
  password: string
}

export interface WorldOptions {
  url: string
  database: string
  ledger: Ledger
  engineers: number
  events: number
  over: AbortSignal
}

/** Who is there, and what happened: made before anything is broken. */
export async function makeWorld({ url, database, ledger, over, ...size }: WorldOptions): Promise<World> {
  const mysql = openMysql(database, { connectionLimit: 1 })
  const password_hash = await createArgon2Passwords().hash(PASSWORD)
  const join = async (username: string, role: Caller['role']): Promise<Caller> => {
    const user_id = createId()
    await createMysqlStores(mysql).users.create({ user_id, username, password_hash, role })
    const { token } = await Person.signIn(url, username, PASSWORD)
    return caller({ url, ledger, over, user_id, username, role, token })
  }
  const engineers: Caller[] = []
  for (let i = 1; i <= size.engineers; i++) engineers.push(await join(`engineer-${i}`, 'engineer'))
  const agent = await join('captain', 'agent')
  await mysql.close()

  const [first] = engineers
  if (!first) throw new Error('nobody is there')
  const events: string[] = []
  for (let i = 1; i <= size.events; i++) {
    const event = { event_name: `Incident ${i}`, message: 'Beacon', severity: 'high', source: 'EDR' }
    const access = i === size.events ? 'restricted' : 'open'
    const made = await first.insist<{ event_id: string }>('POST', '/api/events', { ...event, access })
    events.push(made.body.event_id)
  }
  for (const member of engineers.slice(1, -1)) {
    const path = `/api/events/${events.at(-1)}/members/${member.user_id}`
    await first.insist('PUT', path, { role: 'responder' })
  }
  return { engineers, agent, events, password: PASSWORD }
}

/** Who may enter the event, by how the world was made. */
export function eventsOf(world: World, who: Caller): string[] {
  const isOutsider = who === world.engineers.at(-1)
  return isOutsider ? world.events.slice(0, -1) : world.events
}
