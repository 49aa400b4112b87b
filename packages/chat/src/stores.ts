import type { SessionStore } from './asking/index.ts'
import type { EventStore } from './events/index.ts'
import type { Statistics, Upkeep } from './operations/index.ts'
import type { Rights, RightsReader, SignIn, SignInStore, UserStore } from './people/index.ts'
import type { Materials } from './prompting/index.ts'
import type { DeadLetters, ReplyStore } from './replying/index.ts'
import type { Reviews } from './reviews/index.ts'
import type { MessageStore, PinStore, Timeline } from './rooms/index.ts'
import type { AuditLog, TicketStore } from './shared/index.ts'
import type { VoiceCalls } from './voice/index.ts'

/** Who a WebSocket ticket stands for. */
export interface TicketHolder extends SignIn {
  /** When the access token that bought the ticket expires; milliseconds since 1970. */
  expires_at: number
}

/** Everything that is kept: on MySQL, or in memory for tests. */
export interface Stores {
  messages: MessageStore
  replies: ReplyStore
  materials: Materials
  reviews: Reviews
  deadLetters: DeadLetters
  timeline: Timeline
  pins: PinStore
  sessions: SessionStore
  events: EventStore
  users: UserStore
  signIns: SignInStore
  rights: Rights
  rightsReader: RightsReader
  tickets: TicketStore<TicketHolder>
  upkeep: Upkeep
  audit: AuditLog
  statistics: Statistics
  voiceCalls: VoiceCalls
}
