import type { Event, ReplyErrorCode } from '@engineer-chat/protocol'
import type { IndicatorKind } from './indicators/extract-indicators.ts'
import type { Intent } from './intents.ts'
import type { SentenceOrigin } from './sentences.ts'

/** Holds all texts in an answer that do not come from the record. */
export interface OfflineMessages {
  noModelNotice: string
  analystNotice: string
  failureNotice(tried: string): string
  failureReasons: Record<ReplyErrorCode, string>
  titles: Record<Intent | 'event' | 'found' | 'quoted' | 'said', string>
  origins: Record<SentenceOrigin, string>
  kinds: Record<IndicatorKind, string>
  severity: Record<Event['severity'], string>
  status: Record<Event['event_status'], string>
  internal: string
  external: string
  colon: string
  comma: string
  columns: Record<'kind' | 'values' | 'sourceCount' | 'seenAt' | 'where', string>
  alsoIn: string
  moreIndicators(count: number): string
  noneOfKind(kinds: string): string
  cut(kilobytes: string): string
  tooLong: string
  describeEvent(event: { severity: string; status: string; source: string; created: string }): string
  reported: string
  context: string
  summaryOf(round: number, time: string): string
  summaryChanged: string
  suggested: string
  created: string
  noSuggestion: string
  fromIndicators: string
  alsoNamed: string
  candidates: Record<'block' | 'isolate' | 'accounts' | 'hunt' | 'patch', (values: string) => string>
  practice: string
  practiceSteps: string[]
  impactNamed: string
  noSentences: string
  nothingMissing: string
  noIndicators: string
  check: string
  command: Record<
    | 'happened'
    | 'known'
    | 'open'
    | 'changes'
    | 'messages'
    | 'nothing'
    | 'situation'
    | 'done'
    | 'watch'
    | 'unknown'
    | 'summary'
    | 'impact'
    | 'timeline'
    | 'cause'
    | 'well'
    | 'badly'
    | 'actions'
    | 'asWritten'
    | 'notKnown'
    | 'notKnownOwner'
    | 'candidates'
    | 'time'
    | 'what'
    | 'source'
    | 'action'
    | 'owner'
    | 'changed'
    | 'summarized',
    string
  > & { earlier(count: number): string; earlierEntries(count: number): string }
  missing: Record<'summary' | 'suggestion' | 'indicators' | 'hosts' | 'cause' | 'times' | 'runbooks', string> & {
    newer(count: number, round: number): string
    nothingContained(values: string): string
    notContained(values: string): string
  }
}
