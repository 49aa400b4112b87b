import type { Test } from 'tap'
import { askingContract } from './asking.ts'
import { auditContract } from './audit.ts'
import { changingContract } from './changing.ts'
import { contextContract } from './context.ts'
import { deadLettersContract } from './dead-letters.ts'
import { eventStoreContract } from './events.ts'
import type { MakeHarness } from './harness.ts'
import { materialsContract } from './materials.ts'
import { pinsContract } from './pins.ts'
import { racesContract } from './races.ts'
import { replyStoreContract } from './replies.ts'
import { rightsContract } from './rights.ts'
import { sessionStoreContract } from './sessions.ts'
import { signInStoreContract } from './sign-ins.ts'
import { spendContract } from './spend.ts'
import { statisticsContract } from './statistics.ts'
import { ticketStoreContract } from './tickets.ts'
import { timelineContract } from './timeline.ts'
import { upkeepContract } from './upkeep.ts'
import { userStoreContract } from './users.ts'

const SUITES = [
  askingContract,
  changingContract,
  replyStoreContract,
  contextContract,
  materialsContract,
  timelineContract,
  pinsContract,
  sessionStoreContract,
  eventStoreContract,
  userStoreContract,
  signInStoreContract,
  rightsContract,
  ticketStoreContract,
  upkeepContract,
  auditContract,
  deadLettersContract,
  statisticsContract,
  racesContract,
]

/** What every implementation of the stores guarantees. Each suite makes a harness of its own. */
export async function storesContract(t: Test, make: MakeHarness): Promise<void> {
  for (const contract of SUITES) await contract(t, make)
  await t.test('spend', (t) => spendContract(t, make))
}
