import { type Ledger, QUESTION_MARKER_PATTERN } from '../load/ledger.ts'
import type { Scenario } from '../load/scenario.ts'
import type { StoredRow, StoredState } from './stored-state.ts'

/**
 * Checks that each caller was allowed to see each identifier at the time when they received it for the first time, in a
 * frame or an HTTP response.
 */
export function checkPrivacy(storedState: StoredState, ledger: Ledger, scenario: Scenario): string[] {
  const rowsByIdentifier = mapIdentifiersToRows(storedState, ledger)
  const violations: string[] = []
  for (const caller of [...scenario.engineers, scenario.agent]) {
    for (const [identifier, firstSeenEpochMs] of ledger.firstSeenEpochMs.get(caller.user_id) ?? []) {
      const row = rowsByIdentifier.get(identifier)
      if (!row || row.user_id === caller.user_id) continue
      const leak = caller.role === 'agent' ? 'the caller is an agent' : explainLeak(row, firstSeenEpochMs, ledger)
      if (leak !== null) violations.push(`${caller.username} saw ${identifier} of ${row.user_id}: ${leak}`)
    }
  }
  return [...violations, ...checkOutsider(storedState, ledger, scenario)]
}

/** Checks that the last engineer, who is not a member of the last event, saw none of its rows. */
function checkOutsider({ rows }: StoredState, ledger: Ledger, { engineers, eventIds }: Scenario): string[] {
  const outsider = engineers.at(-1)
  const rowsOfEvent = rows.filter((row) => row.event_id === eventIds.at(-1))
  const seenIdentifiers = ledger.firstSeenEpochMs.get(outsider?.user_id ?? '')
  return rowsOfEvent
    .filter((row) => seenIdentifiers?.has(row.message_id))
    .map((row) => `${outsider?.username} saw ${row.message_id} of an event that they may not read`)
}

/** Says why an engineer must not see another person's row at this time; null if they may see it. */
function explainLeak(row: StoredRow, seenEpochMs: number, { sharedAtEpochMs, sharedFromStart }: Ledger): string | null {
  if (row.audience !== 'people') return 'it is private'
  // The load does not read the id of such a session, so all shared rows of this user in this event are allowed.
  if (sharedFromStart.has(`${row.user_id} ${row.event_id}`)) return null
  const sharedEpochMs = sharedAtEpochMs.get(row.chat_session_id ?? '')
  return sharedEpochMs !== undefined && seenEpochMs >= sharedEpochMs ? null : 'it was not shared yet'
}

/**
 * Maps the ids of questions and replies, and the markers of questions, to their rows. Maps the id of a session to its
 * last row, because all rows of a session have the same owner and the same audience.
 */
function mapIdentifiersToRows({ rows }: StoredState, { questions }: Ledger): Map<string, StoredRow> {
  const chatRows = rows.filter((row) => row.message_category === 'engineer_chat')
  const rowsById = new Map(chatRows.map((row) => [row.message_id, row]))
  const rowsByIdentifier = new Map(rowsById)
  for (const row of chatRows) if (row.chat_session_id) rowsByIdentifier.set(row.chat_session_id, row)
  for (const { marker, accepted } of questions) {
    const row = accepted && rowsById.get(accepted.question_id)
    if (row) rowsByIdentifier.set(marker, row)
  }
  return rowsByIdentifier
}

/** Reports each log line that contains the marker of a question. An answer contains the marker of its question, too. */
export const checkLogs = (lines: string[]): string[] =>
  lines
    .filter((line) => QUESTION_MARKER_PATTERN.test(line))
    .map((line) => `a log line quotes a question: ${line.slice(0, 300)}`)
