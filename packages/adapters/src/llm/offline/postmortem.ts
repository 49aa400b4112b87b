import type { Source } from '@engineer-chat/chat/prompting'
import { citeValues, type EventRecord, listValues } from './event-record.ts'
import { SENTENCE_PATTERNS } from './intents.ts'
import { formatBullets, formatTime, toCell, toCodeList, toPlainText, toShortLine } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { listMissing } from './missing.ts'
import { readAuthor } from './recorded-texts.ts'
import { findRelevantSentences, quoteSentences, quoteValue, type TitledText } from './sections.ts'
import type { Sentence } from './sentences.ts'
import { formatTimeline } from './timeline.ts'

const MAX_VALUES = 12
const MAX_LINES = 8
const MAX_ACTIONS = 12

const WENT_WELL =
  /contained|isolated|blocked|restored|recovered|revoked|caught|detected|noticed|spotted|in time|worked|success|no (?:data )?loss|已隔离|已封禁|已阻断|已恢复|已遏制|及时|成功|发现|奏效|有效/i
const WENT_BADLY =
  /delay|too late|late\b|missed|failed|fails|failure|could(?:n['’]t| not)|no one|nobody|unclear|confus|false (?:alarm|positive)|too long|missing|outdated|not documented|no backup|延误|太晚|迟|漏|失败|未能|无法|没有人|没人|不清楚|误报|误判|缺少|过期|没有备份/i
/** A person who writes "I will" becomes the owner of the action. */
const PROMISED = /\bI(?:['’]ll| will| am going to)\b|我来|我负责|我会|我去/i
const PLANNED =
  /\b(?:to[- ]?do|action item|follow[- ]?up|we (?:should|must|need to)|needs? to|next time|in future)\b|待办|后续|应该|应当|需要|改进|今后|下次/i

/** Composes a draft for people to review. Below each title it quotes the sentences that fit, and judges nothing. */
export function composePostmortem(record: EventRecord, sources: Source[], messages: OfflineMessages): TitledText[] {
  const { command } = messages
  return [
    [command.summary, describeIncident(record, sources, messages)],
    [command.impact, describeImpact(record, messages)],
    [command.timeline, formatTimeline(record, messages)],
    [command.cause, quoteRelevant(record, 'cause', messages)],
    [command.well, listRemarks(sources, WENT_WELL, messages)],
    [command.badly, listRemarks(sources, WENT_BADLY, messages)],
    [command.actions, formatActions(record, sources, messages)],
    [command.unknown, listMissing(record, messages)],
  ]
}

function describeIncident({ context: { event } }: EventRecord, sources: Source[], messages: OfflineMessages): string {
  const facts = messages.describeEvent({
    severity: messages.severity[event.severity],
    status: messages.status[event.event_status],
    source: toPlainText(event.source),
    created: formatTime(event.created_at),
  })
  const latest = sources.findLast(({ kind }) => kind === 'summary')
  const report = sources.find(({ kind }) => kind === 'description')
  const quotedSource = latest ?? report
  return [
    `**${toPlainText(event.event_name)}**: ${facts} [ev1]`,
    ...(quotedSource
      ? [
          quoteValue(
            toPlainText(latest ? latest.label : messages.origins.report),
            quotedSource.id,
            quotedSource.text,
            messages,
          ),
        ]
      : []),
  ].join('\n\n')
}

function describeImpact(record: EventRecord, messages: OfflineMessages): string {
  const named = [...record.internalHosts, ...listValues(record, 'account', 'email')]
  const line = `- ${messages.impactNamed} ${toCodeList(named, MAX_VALUES)}${citeValues(record, named)}`
  const quoted = quoteRelevant(record, 'impact', messages)
  if (named.length === 0) return quoted
  return quoted === messages.command.notKnown ? line : `${line}\n${quoted}`
}

function quoteRelevant(record: EventRecord, intent: 'cause' | 'impact', messages: OfflineMessages): string {
  const sentences: Sentence[] = findRelevantSentences(record, SENTENCE_PATTERNS[intent])
  if (sentences.length === 0) return messages.command.notKnown
  return formatBullets(quoteSentences(sentences, record, messages))
}

/** Lists the messages and pins that match the pattern. The people who review the draft decide which stay. */
function listRemarks(sources: Source[], pattern: RegExp, messages: OfflineMessages): string {
  const remarks = listSaid(sources).filter(({ text }) => pattern.test(text))
  if (remarks.length === 0) return messages.command.notKnown
  const lines = remarks
    .slice(-MAX_LINES)
    .map((source) => `**${toCell(readAuthor(source))}**: ${toPlainText(toShortLine(source.text))} [${source.id}]`)
  return `${messages.command.candidates}:\n\n${formatBullets(lines)}`
}

/** Lists the agents' suggestions and what people planned. Only what somebody promised has an owner. */
function formatActions(record: EventRecord, sources: Source[], messages: OfflineMessages): string {
  const { command } = messages
  const suggested = record.sentences
    .filter(({ origin }) => origin === 'suggestion')
    .map(({ text }) => ({ text, owner: command.notKnownOwner, id: record.idsByOrigin.suggestion }))
  const planned = listSaid(sources)
    .filter(({ text }) => PROMISED.test(text) || PLANNED.test(text))
    .map((source) => ({
      text: source.text,
      owner: PROMISED.test(source.text) ? toCell(readAuthor(source)) : command.notKnownOwner,
      id: source.id,
    }))
  const rows = [...planned.slice(-MAX_ACTIONS), ...suggested.slice(0, MAX_ACTIONS)]
  if (rows.length === 0) return command.notKnown
  return [
    `| ${command.action} | ${command.owner} | ${command.source} |`,
    '|---|---|---|',
    ...rows.map(({ text, owner, id }) => `| ${toCell(toShortLine(text))} | ${owner} | ${id ? `[${id}]` : ''} |`),
  ].join('\n')
}

const listSaid = (sources: Source[]): Source[] => sources.filter(({ kind }) => kind === 'pin' || kind === 'message')
