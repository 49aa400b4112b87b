import { type Ledger, SECRETS } from '../load/ledger.ts'
import type { World } from '../load/world.ts'
import type { Truth, TruthRow } from './truth.ts'

/** Checks, for every word and id that a caller received in a frame or an answer, that they might see it at that time. */
export function checkPrivate(truth: Truth, ledger: Ledger, world: World): string[] {
  const owners = findOwners(truth, ledger)
  const violations: string[] = []
  for (const caller of [...world.engineers, world.agent]) {
    for (const [name, at] of ledger.seen.get(caller.user_id) ?? []) {
      const row = owners.get(name)
      if (!row || row.user_id === caller.user_id) continue
      const why = caller.role === 'agent' ? 'is an agent' : explainLeak(row, at, ledger)
      if (why !== null) violations.push(`${caller.username} saw ${name}, which is ${row.user_id}'s: ${why}`)
    }
  }
  return [...violations, ...checkOutsider(truth, ledger, world)]
}

/** The last engineer is no member of the last event, so they must see none of its rows. */
function checkOutsider({ rows }: Truth, ledger: Ledger, { engineers, events }: World): string[] {
  const outsider = engineers.at(-1)
  const rowsOfEvent = rows.filter((row) => row.event_id === events.at(-1))
  const seen = ledger.seen.get(outsider?.user_id ?? '')
  return rowsOfEvent
    .filter((row) => seen?.has(row.message_id))
    .map((row) => `${outsider?.username} saw ${row.message_id} of an event that is closed to them`)
}

function explainLeak(row: TruthRow, at: number, { sharedAt, startedShared }: Ledger): string | null {
  const shared = sharedAt.get(row.chat_session_id ?? '')
  if (row.audience !== 'people') return 'private'
  if (startedShared.has(`${row.user_id} ${row.event_id}`) || (shared !== undefined && at >= shared)) return null
  return 'before it was shared'
}

/** Maps the words, messages and sessions of chats to their rows. */
function findOwners({ rows }: Truth, { questions }: Ledger): Map<string, TruthRow> {
  const chats = rows.filter((row) => row.message_category === 'engineer_chat')
  const byId = new Map(chats.map((row) => [row.message_id, row]))
  const owners = new Map(byId)
  for (const row of chats) if (row.chat_session_id) owners.set(row.chat_session_id, row)
  for (const { word, accepted } of questions) {
    const row = accepted && byId.get(accepted.question_id)
    if (row) owners.set(word, row)
  }
  return owners
}

/** Lists the log lines that quote a question or an answer. */
export const checkLogs = (lines: string[]): string[] =>
  lines.filter((line) => SECRETS.test(line)).map((line) => `a log line quotes a question: ${line.slice(0, 300)}`)
