import { parseCommand } from '@engineer-chat/chat/prompting'
import { listContainedClauses } from './containment.ts'
import { citeValues, type EventRecord, listValues } from './event-record.ts'
import { createNameCheck } from './indicators/named-values.ts'
import { detectIntents, type Intent, SENTENCE_PATTERNS } from './intents.ts'
import { cite, formatBullets, toCodeList } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import type { ComposeSection } from './sections.ts'
import { isDated } from './sentences.ts'

const MAX_VALUES = 8

/** Lists what the record lacks. Returns undefined if it has everything that the analyst looks for. */
export const listMissing: ComposeSection = (record, messages) => {
  const { context, recordedTexts, externalAddresses, internalHosts } = record
  const { summary, documents } = context
  const { missing } = messages
  const searchableCount = externalAddresses.length + listValues(record, 'hash', 'path', 'url').length
  const lines = [
    ...(summary ? listMissingOfSummary(record, messages) : [missing.summary]),
    ...(searchableCount === 0 ? [missing.indicators] : []),
    ...(internalHosts.length === 0 ? [missing.hosts] : []),
    ...listNotContained(record, messages),
    ...(recordedTexts.some(({ text }) => SENTENCE_PATTERNS.cause.test(text)) ? [] : [missing.cause]),
    ...(recordedTexts.some(({ sentences }) => sentences.some(isDated)) ? [] : [missing.times]),
    ...(documents?.length === 0 && isRunbookMissed(context.question) ? [missing.runbooks] : []),
  ]
  return lines.length === 0 ? undefined : formatBullets(lines)
}

const NEED_RUNBOOK: Intent[] = ['containment', 'impact', 'cause', 'next']

/**
 * Returns true if a runbook would help: the question is about acting, or the analyst knows no intent for it. Returns
 * false for commands, and for a question for runbooks, because its own section says that none fits.
 */
function isRunbookMissed(question: string): boolean {
  const intents = detectIntents(question)
  const isAboutActing = intents.length === 0 || intents.some((intent) => NEED_RUNBOOK.includes(intent))
  return parseCommand(question) === undefined && isAboutActing && !intents.includes('runbooks')
}

function listMissingOfSummary(
  { context: { summary }, recordedTexts }: EventRecord,
  { missing }: OfflineMessages,
): string[] {
  if (!summary) return []
  const newerTexts = recordedTexts.filter(({ kind, writtenAt }) => isFromRoom(kind) && writtenAt > summary.updated_at)
  return [
    ...(summary.event_suggestion.trim() === '' ? [missing.suggestion] : []),
    ...(newerTexts.length > 0
      ? [`${missing.newer(newerTexts.length, summary.round_id)}${cite(newerTexts.toReversed().map(({ id }) => id))}`]
      : []),
  ]
}

const isFromRoom = (kind: string): boolean => kind === 'change' || kind === 'pin' || kind === 'message'

/** Names the hosts, accounts and addresses that, by the record, nobody has contained (isolated or blocked) yet. */
function listNotContained(record: EventRecord, { missing }: OfflineMessages): string[] {
  const accounts = listValues(record, 'account')
  const containedText = listContainedClauses(record.recordedTexts.flatMap(({ sentences }) => sentences)).join('\n')
  const isContained = createNameCheck(containedText, accounts)
  const uncontained = [...record.internalHosts, ...accounts, ...record.externalAddresses].filter(
    (value) => !isContained(value),
  )
  if (uncontained.length === 0) return []
  const formatNotContained = containedText === '' ? missing.nothingContained : missing.notContained
  return [`${formatNotContained(toCodeList(uncontained, MAX_VALUES))}${citeValues(record, uncontained)}`]
}
