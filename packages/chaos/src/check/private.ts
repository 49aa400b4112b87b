import { type Ledger, SECRETS } from '../load/ledger.ts'
import type { World } from '../load/world.ts'
import type { Truth, TruthRow } from './truth.ts'

/** Compares every word and id that somebody saw, in a frame or an answer, with who might see it at that time. */
export function checkPrivate(truth: Truth, ledger: Ledger, world: World): string[] {
  const owners = findOwners(truth, ledger)
  const found: string[] = []
  for (const who of [...world.engineers, world.agent]) {
    for (const [name, at] of ledger.seen.get(who.user_id) ?? []) {
      const row = owners.get(name)
      if (!row || row.user_id === who.user_id) continue
      const why = who.role === 'agent' ? 'is an agent' : reason(row, at, ledger)
      if (why !== null) found.push(`${who.username} saw ${name}, which is ${row.user_id}'s: ${why}`)
    }
  }
  return [...found, ...checkOutsider(truth, ledger, world)]
}

/** The last engineer is no member of the last event: to them there is no such thing. */
function checkOutsider({ rows }: Truth, ledger: Ledger, { engineers, events }: World): string[] {
  const outsider = engineers.at(-1)
  const inside = rows.filter((row) => row.event_id === events.at(-1))
  const seen = ledger.seen.get(outsider?.user_id ?? '')
  return inside
    .filter((row) => seen?.has(row.message_id))
    .map((row) => `${outsider?.username} saw ${row.message_id} of an event that is closed to them`)
}

function reason(row: TruthRow, at: number, { sharedAt, startedShared }: Ledger): string | null {
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
