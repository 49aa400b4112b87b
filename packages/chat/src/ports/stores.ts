import type { AuditLog } from './audit.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { EventStore } from './events.ts'
import type { TicketStore } from './hints.ts'
import type { Materials } from './materials.ts'
import type { MessageStore } from './messages.ts'
import type { PinStore } from './pins.ts'
import type { ReplyStore } from './replies.ts'
import type { Reviews } from './reviews.ts'
import type { Rights, RightsReader, SignIn } from './rights.ts'
import type { SessionStore } from './sessions.ts'
import type { Statistics } from './statistics.ts'
import type { Timeline } from './timeline.ts'
import type { Upkeep } from './upkeep.ts'
import type { SignInStore, UserStore } from './users.ts'
import type { VoiceCalls } from './voice.ts'

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
