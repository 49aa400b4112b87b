import type { SessionStore } from './asking/index.ts'
import type { ClosedEventStore, DocumentStore } from './documents/index.ts'
import type { EventStore, InboxStore } from './events/index.ts'
import type { ModelHealthStore, MonthStore, RetentionStore, StatisticsStore } from './operations/index.ts'
import type { ExpiringSignIn, RightsLookup, SignInStore, UncachedRights, UserStore } from './people/index.ts'
import type { LabelStore, SourceStore } from './prompting/index.ts'
import type { SimilarEventsLookup, TextIndex } from './ranking/index.ts'
import type { DeadLetterStore, ReplyStore, WaitStore } from './replying/index.ts'
import type { ReviewStore } from './reviews/index.ts'
import type { IndicatorStore, MessageStore, PinStore, Timeline } from './rooms/index.ts'
import type { AuditLog, TicketStore } from './shared/index.ts'
import type { VoiceCallStore } from './voice/index.ts'

export type { ExpiringSignIn }

/** Groups all stores, which run on MySQL, or in memory for tests. */
export interface Stores {
  messages: MessageStore
  replies: ReplyStore
  waits: WaitStore
  sources: SourceStore
  labels: LabelStore
  reviews: ReviewStore
  deadLetters: DeadLetterStore
  timeline: Timeline
  pins: PinStore
  indicators: IndicatorStore
  textIndex: TextIndex
  similarEvents: SimilarEventsLookup
  documents: DocumentStore
  closedEvents: ClosedEventStore
  inbox: InboxStore
  sessions: SessionStore
  events: EventStore
  users: UserStore
  signIns: SignInStore
  rights: RightsLookup
  uncachedRights: UncachedRights
  tickets: TicketStore<ExpiringSignIn>
  retention: RetentionStore
  months: MonthStore
  audit: AuditLog
  statistics: StatisticsStore
  voiceCalls: VoiceCallStore
  modelHealth: ModelHealthStore
}
