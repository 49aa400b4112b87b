import type { Event, ReplyErrorCode } from '@engineer-chat/protocol'
import type { Kind } from './indicators.ts'
import type { Intent } from './intents.ts'
import type { SentenceSource } from './sentences.ts'

/** Holds all texts that the analyst writes by itself. */
export interface OfflineMessages {
  notice: string
  chosen: string
  noAnswer(tried: string): string
  failureReasons: Record<ReplyErrorCode, string>
  titles: Record<Intent | 'summary' | 'event' | 'found' | 'gaps' | 'quoted' | 'said' | 'runbooks', string>
  sources: Record<SentenceSource, string>
  kinds: Record<Kind, string>
  severity: Record<Event['severity'], string>
  status: Record<Event['event_status'], string>
  internal: string
  kind: string
  values: string
  describeEvent(event: { severity: string; status: string; source: string; created: string }): string
  reported: string
  context: string
  summaryOf(round: number, time: string): string
  summaryChanged: string
  suggested: string
  created: string
  summarised: string
  noSuggestion: string
  fromIndicators: string
  candidates: Record<'block' | 'isolate' | 'accounts' | 'hunt' | 'patch', (values: string) => string>
  practice: string
  practiceSteps: string[]
  impactNamed: string
  noSentences: string
  noTimes: string
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
  gaps: Record<'summary' | 'suggestion' | 'indicators' | 'hosts' | 'times', string>
}
