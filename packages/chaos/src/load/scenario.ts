import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { createId } from '@engineer-chat/chat/shared'
import { TestUser } from '@engineer-chat/proof'
import { type Caller, createCaller } from './caller.ts'
import type { Ledger } from './ledger.ts'

const PASSWORD = 'only-for-the-chaos'

export interface Scenario {
  engineers: Caller[]
  agent: Caller
  /**
   * Lists the ids of the events. The last event is restricted, and the last engineer is not its member. All other
   * events are open.
   */
  eventIds: string[]
}

export interface ScenarioOptions {
  url: string
  databaseUrl: string
  ledger: Ledger
  engineerCount: number
  eventCount: number
  signal: AbortSignal
}

/** Creates the users and the events before anything is broken. */
export async function createScenario({
  url,
  databaseUrl,
  ledger,
  engineerCount,
  eventCount,
  signal,
}: ScenarioOptions): Promise<Scenario> {
  const mysql = openMysql(databaseUrl, { connectionLimit: 1 })
  const password_hash = await createArgon2Passwords().hash(PASSWORD)
  const addUser = async (username: string, role: Caller['role']): Promise<Caller> => {
    const user_id = createId()
    await createMysqlStores(mysql).users.create({ user_id, username, password_hash, role })
    const { token } = await TestUser.signIn(url, username, PASSWORD)
    return createCaller({ url, ledger, signal, user_id, username, role, token })
  }
  const engineers: Caller[] = []
  for (let i = 1; i <= engineerCount; i++) engineers.push(await addUser(`engineer-${i}`, 'engineer'))
  const agent = await addUser('captain', 'agent')
  await mysql.close()

  const [firstEngineer] = engineers
  if (!firstEngineer) throw new Error('A scenario needs an engineer.')
  const eventIds: string[] = []
  for (let i = 1; i <= eventCount; i++) {
    const event = { event_name: `Incident ${i}`, message: 'Beacon', severity: 'high', source: 'EDR' }
    const access = i === eventCount ? 'restricted' : 'open'
    const created = await firstEngineer.callWithRetries<{ event_id: string }>('POST', '/api/events', {
      ...event,
      access,
    })
    if (!created.body) throw new Error(`An event could not be created (status ${created.status}).`)
    eventIds.push(created.body.event_id)
  }
  // The first engineer is already a member, because they have created the event.
  for (const member of engineers.slice(1, -1)) {
    const path = `/api/events/${eventIds.at(-1)}/members/${member.user_id}`
    await firstEngineer.callWithRetries('PUT', path, { role: 'responder' })
  }
  return { engineers, agent, eventIds }
}

/** Lists the ids of the events that a caller may read. The last engineer may not read the last event. */
export function listReadableEventIds(scenario: Scenario, caller: Caller): string[] {
  const isOutsider = caller === scenario.engineers.at(-1)
  return isOutsider ? scenario.eventIds.slice(0, -1) : scenario.eventIds
}
