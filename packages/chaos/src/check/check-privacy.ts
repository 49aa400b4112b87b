import { type Ledger, QUESTION_MARKER } from '../load/ledger.ts'
import type { Scenario } from '../load/scenario.ts'
import type { StoredRow, StoredState } from './stored-state.ts'

/** Checks that each caller was allowed to see every identifier at the time when a frame or an answer had it. */
export function checkPrivacy(storedState: StoredState, ledger: Ledger, scenario: Scenario): string[] {
  const rowsByIdentifier = mapIdentifiersToRows(storedState, ledger)
  const violations: string[] = []
  for (const caller of [...scenario.engineers, scenario.agent]) {
    for (const [identifier, firstSeenMs] of ledger.firstSeenMs.get(caller.user_id) ?? []) {
      const row = rowsByIdentifier.get(identifier)
      if (!row || row.user_id === caller.user_id) continue
      const leak = caller.role === 'agent' ? 'the caller is an agent' : explainLeak(row, firstSeenMs, ledger)
      if (leak !== null) violations.push(`${caller.username} saw ${identifier} of ${row.user_id}: ${leak}`)
    }
  }
  return [...violations, ...checkOutsider(storedState, ledger, scenario)]
}

/** The last engineer is no member of the last event, so they must see none of its rows. */
function checkOutsider({ rows }: StoredState, ledger: Ledger, { engineers, events }: Scenario): string[] {
  const outsider = engineers.at(-1)
  const rowsOfEvent = rows.filter((row) => row.event_id === events.at(-1))
  const seen = ledger.firstSeenMs.get(outsider?.user_id ?? '')
  return rowsOfEvent
    .filter((row) => seen?.has(row.message_id))
    .map((row) => `${outsider?.username} saw ${row.message_id} of an event that is closed to them`)
}

/** Says why an engineer must not have seen another's row at that time; null if they might. */
function explainLeak(row: StoredRow, seenMs: number, { sharedAtMs, sharedFromStart }: Ledger): string | null {
  if (row.audience !== 'people') return 'it is private'
  if (sharedFromStart.has(`${row.user_id} ${row.event_id}`)) return null
  const sharedMs = sharedAtMs.get(row.chat_session_id ?? '')
  return sharedMs !== undefined && seenMs >= sharedMs ? null : 'it was not shared yet'
}

/** Maps the markers of questions and the ids of messages and sessions to their rows. */
function mapIdentifiersToRows({ rows }: StoredState, { questions }: Ledger): Map<string, StoredRow> {
  const chats = rows.filter((row) => row.message_category === 'engineer_chat')
  const byId = new Map(chats.map((row) => [row.message_id, row]))
  const rowsByIdentifier = new Map(byId)
  for (const row of chats) if (row.chat_session_id) rowsByIdentifier.set(row.chat_session_id, row)
  for (const { marker, accepted } of questions) {
    const row = accepted && byId.get(accepted.question_id)
    if (row) rowsByIdentifier.set(marker, row)
  }
  return rowsByIdentifier
}

/** Lists the log lines that quote a question or an answer. */
export const checkLogs = (lines: string[]): string[] =>
  lines
    .filter((line) => QUESTION_MARKER.test(line))
    .map((line) => `a log line quotes a question: ${line.slice(0, 300)}`)
