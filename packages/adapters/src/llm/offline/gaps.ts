import { parseCommand } from '@engineer-chat/chat/prompting'
import { listContainedClauses } from './containment.ts'
import { citeValues, type EventRecord, listValues } from './event-record.ts'
import { extractIndicators } from './indicators/extract-indicators.ts'
import { detectIntents, type Intent, SENTENCE_PATTERNS } from './intents.ts'
import { cite, formatBullets, toCodeList } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import type { Section } from './sections.ts'
import { isDated } from './sentences.ts'

const MAX_VALUES = 8
const MAX_COMPARED = 50

/** Says what the record lacks. It is undefined if the record has everything that the analyst looks for. */
export const listGaps: Section = (record, messages) => {
  const { context, passages, external, inside: internal } = record
  const { summary, documents } = context
  const { gaps } = messages
  const searchableCount = external.length + listValues(record, 'hash', 'path', 'url').length
  const lines = [
    ...(summary ? listSummaryGaps(record, messages) : [gaps.summary]),
    ...(searchableCount === 0 ? [gaps.indicators] : []),
    ...(internal.length === 0 ? [gaps.hosts] : []),
    ...listContainmentGaps(record, messages),
    ...(passages.some(({ text }) => SENTENCE_PATTERNS.cause.test(text)) ? [] : [gaps.cause]),
    ...(passages.some(({ sentences }) => sentences.some(isDated)) ? [] : [gaps.times]),
    ...(documents?.length === 0 && isRunbookMissed(context.question) ? [gaps.runbooks] : []),
  ]
  return lines.length === 0 ? undefined : formatBullets(lines)
}

const NEED_RUNBOOK: Intent[] = ['containment', 'impact', 'cause', 'next']

/**
 * Returns true if a runbook would help: the question is about acting, or the analyst knows no intent for it. It is false
 * for commands, and for a question for runbooks, whose section says so itself.
 */
function isRunbookMissed(question: string): boolean {
  const intents = detectIntents(question)
  const isForAction = intents.length === 0 || intents.some((intent) => NEED_RUNBOOK.includes(intent))
  return parseCommand(question) === undefined && isForAction && !intents.includes('runbooks')
}

function listSummaryGaps({ context: { summary }, passages }: EventRecord, { gaps }: OfflineMessages): string[] {
  if (!summary) return []
  const newer = passages.filter(({ kind, at }) => isFromRoom(kind) && at > summary.updated_at)
  return [
    ...(summary.event_suggestion.trim() === '' ? [gaps.suggestion] : []),
    ...(newer.length > 0
      ? [`${gaps.newer(newer.length, summary.round_id)}${cite(newer.toReversed().map(({ id }) => id))}`]
      : []),
  ]
}

const isFromRoom = (kind: string): boolean => kind === 'change' || kind === 'pin' || kind === 'message'

/** Names the hosts, accounts and addresses that, by the record, nobody has contained (isolated or blocked) yet. */
function listContainmentGaps(record: EventRecord, { gaps }: OfflineMessages): string[] {
  const accounts = listValues(record, 'account')
  const said = listContainedClauses(record.passages.flatMap(({ sentences }) => sentences)).join('\n')
  const contained = new Set([
    ...Object.values(extractIndicators(said)).flat(),
    // A sentence that says that an account is disabled seldom has the word "account" before the name.
    ...accounts.slice(0, MAX_COMPARED).filter((name) => said.includes(name)),
  ])
  const open = [...record.inside, ...accounts, ...record.external].filter((value) => !contained.has(value))
  if (open.length === 0) return []
  const formatGap = said === '' ? gaps.containment : gaps.contained
  return [`${formatGap(toCodeList(open, MAX_VALUES))}${citeValues(record, open)}`]
}
