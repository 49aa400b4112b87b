// The tables, for drizzle-kit, which makes the migrations of them; statements are written by hand, and nothing that
// serves requests loads this file. No foreign keys: checking one locks the parent's row, out of the one lock order (room,
// session, message). All text compares byte by byte (utf8mb4_bin, the tables' default, see drizzle/README.md).

import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  date,
  datetime,
  index,
  int,
  json,
  mediumtext,
  mysqlTable,
  primaryKey,
  tinyint,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/mysql-core'

/** 64 characters are what the protocol allows for an id. */
const id = (name: string) => varchar(name, { length: 64 })
/** As the specification types message ids. */
const messageId = (name: string) => varchar(name, { length: 255 })
/** SHA-256 in hex. */
const hash = (name: string) => varchar(name, { length: 64 })
/** UTC, by MySQL's clock. */
const instant = (name: string) => datetime(name, { fsp: 3, mode: 'string' })

const now = sql`CURRENT_TIMESTAMP(3)`
const createdAt = () => instant('created_at').notNull().default(now)
const updatedAt = () => instant('updated_at').notNull().default(now)
const serial = () => bigint('id', { mode: 'number', unsigned: true }).autoincrement()
const counter = (name: string) => bigint(name, { mode: 'number', unsigned: true })

export const users = mysqlTable(
  'users',
  {
    user_id: id('user_id').primaryKey(),
    username: varchar('username', { length: 64 }).notNull(),
    password_hash: varchar('password_hash', { length: 255 }).notNull(),
    role: varchar('role', { length: 16 }).notNull(),
    active: boolean('active').notNull().default(true),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (table) => [uniqueIndex('uq_username').on(table.username)],
)

/** From a login to its end. Every access token names one, so that ending it ends them. */
export const signIns = mysqlTable(
  'sign_ins',
  {
    sign_in_id: id('sign_in_id').primaryKey(),
    user_id: id('user_id').notNull(),
    created_at: createdAt(),
    /** Null while it is good. */
    ended_at: instant('ended_at'),
  },
  (table) => [index('idx_user').on(table.user_id)],
)

/** The family of one sign-in: the used ones stay until they expire, so that their reuse is seen. */
export const refreshTokens = mysqlTable(
  'refresh_tokens',
  {
    token_hash: hash('token_hash').primaryKey(),
    sign_in_id: id('sign_in_id').notNull(),
    created_at: createdAt(),
    expires_at: instant('expires_at').notNull(),
    used_at: instant('used_at'),
  },
  (table) => [index('idx_sign_in').on(table.sign_in_id), index('idx_expires').on(table.expires_at)],
)

export const wsTickets = mysqlTable(
  'ws_tickets',
  {
    ticket_hash: hash('ticket_hash').primaryKey(),
    holder: json('holder').notNull(),
    expires_at: instant('expires_at').notNull(),
  },
  (table) => [index('idx_expires').on(table.expires_at)],
)

/** An incident, and its room. Whoever writes a row of the room locks the room's row here first. */
export const events = mysqlTable(
  'events',
  {
    event_id: id('event_id').primaryKey(),
    event_name: varchar('event_name', { length: 255 }).notNull(),
    message: mediumtext('message').notNull(),
    context: mediumtext('context').notNull(),
    severity: varchar('severity', { length: 16 }).notNull(),
    source: varchar('source', { length: 255 }).notNull(),
    event_status: varchar('event_status', { length: 32 }).notNull().default('pending'),
    access: varchar('access', { length: 16 }).notNull().default('open'),
    /** The room's counter: positions and sequence numbers both come from it. */
    seq: counter('seq').notNull().default(0),
    summary_version: varchar('summary_version', { length: 64 }),
    created_by: id('created_by'),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (table) => [index('idx_created').on(table.created_at, table.event_id)],
)

export const eventMembers = mysqlTable(
  'event_members',
  {
    event_id: id('event_id').notNull(),
    user_id: id('user_id').notNull(),
    role: varchar('role', { length: 16 }).notNull(),
    created_at: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.event_id, table.user_id] }), index('idx_user').on(table.user_id)],
)

export const summaries = mysqlTable(
  'summaries',
  {
    /** Grows within an event: summaries are written under the room's lock. */
    id: serial().primaryKey(),
    event_id: id('event_id').notNull(),
    version: varchar('version', { length: 64 }).notNull(),
    round_id: int('round_id').notNull(),
    event_summary: mediumtext('event_summary').notNull(),
    event_suggestion: mediumtext('event_suggestion').notNull(),
    updated_at: updatedAt(),
  },
  (table) => [
    uniqueIndex('uq_event_version').on(table.event_id, table.version),
    index('idx_event').on(table.event_id, table.id),
  ],
)

export const chatSessions = mysqlTable(
  'chat_sessions',
  {
    session_id: id('session_id').primaryKey(),
    event_id: id('event_id').notNull(),
    user_id: id('user_id').notNull(),
    visibility: varchar('visibility', { length: 16 }).notNull().default('private'),
    /** 1 for the user's active session of the event, null for the others: a unique key admits many nulls. */
    active_slot: tinyint('active_slot'),
    rounds: int('rounds').notNull().default(0),
    max_rounds: int('max_rounds').notNull(),
    /** The event's summary version at the session's last question. */
    summary_version: varchar('summary_version', { length: 64 }),
    /** What it was given of the session before it. */
    carried_over: mediumtext('carried_over'),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (table) => [uniqueIndex('uq_active').on(table.event_id, table.user_id, table.active_slot)],
)

/** Everything said in every room. Clustered by room and position: a page lies together on disk. */
export const messages = mysqlTable(
  'messages',
  {
    id: serial().notNull(),
    message_id: messageId('message_id').notNull(),
    event_id: id('event_id').notNull(),
    position: counter('position').notNull(),
    seq: counter('seq').notNull(),
    /** `all`, `people`, or the one user who may see it. */
    audience: id('audience').notNull(),
    user_id: id('user_id'),
    message_from: varchar('message_from', { length: 64 }).notNull(),
    message_type: varchar('message_type', { length: 64 }).notNull(),
    message_category: varchar('message_category', { length: 32 }).notNull().default('agent'),
    sender_type: varchar('sender_type', { length: 32 }),
    chat_session_id: varchar('chat_session_id', { length: 64 }),
    reply_to: messageId('reply_to'),
    round_id: int('round_id'),
    event_summary_version: varchar('event_summary_version', { length: 64 }),
    message_content: json('message_content').notNull(),
    client_message_id: varchar('client_message_id', { length: 128 }),
    request_hash: hash('request_hash'),
    /** The model that was asked for, on a reply's row. */
    model: varchar('model', { length: 128 }),
    /** The fence: each claim raises it, and a worker's writes carry the one it has. */
    attempt: int('attempt').notNull().default(0),
    tries: int('tries').notNull().default(0),
    /** Null: not claimed. */
    lease_until: instant('lease_until'),
    /** When the sweep should look at it. Not null exactly while a reply is unfinished. */
    due_at: instant('due_at'),
    cancel_requested: boolean('cancel_requested').notNull().default(false),
    pinned_by: id('pinned_by'),
    pinned_at: instant('pinned_at'),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (table) => [
    primaryKey({ columns: [table.event_id, table.position] }),
    uniqueIndex('uq_id').on(table.id),
    uniqueIndex('uq_message_id').on(table.message_id),
    uniqueIndex('uq_event_seq').on(table.event_id, table.seq),
    uniqueIndex('uq_reply_to').on(table.reply_to),
    uniqueIndex('uq_client_message').on(table.user_id, table.client_message_id),
    index('idx_page').on(table.event_id, table.audience, table.position),
    index('idx_changes').on(table.event_id, table.audience, table.seq),
    index('idx_due').on(table.due_at),
    index('idx_message_category').on(table.message_category, table.event_id, table.position),
    index('idx_chat_session').on(table.chat_session_id, table.position),
    index('idx_sender_type').on(table.sender_type, table.message_type, table.event_id, table.position),
    index('idx_event_summary').on(table.event_summary_version, table.event_id),
  ],
)

/** Where pinned messages stand: an index by hand, as one on `messages` would be paid for by every send. */
export const pins = mysqlTable(
  'pins',
  { event_id: id('event_id').notNull(), position: counter('position').notNull() },
  (table) => [primaryKey({ columns: [table.event_id, table.position] })],
)

/** What a retried reply said before. */
export const replyVersions = mysqlTable(
  'reply_versions',
  {
    message_id: messageId('message_id').notNull(),
    attempt: int('attempt').notNull(),
    message_type: varchar('message_type', { length: 64 }).notNull(),
    message_content: json('message_content').notNull(),
    /** When it was finished, and when it was replaced. */
    finished_at: instant('finished_at').notNull(),
    created_at: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.message_id, table.attempt] }), index('idx_created').on(table.created_at)],
)

export const llmCalls = mysqlTable(
  'llm_calls',
  {
    id: serial().primaryKey(),
    message_id: messageId('message_id').notNull(),
    attempt: int('attempt').notNull(),
    /** As the provider said. */
    model: varchar('model', { length: 128 }).notNull(),
    /** The configured model's id; null of calls that an older version recorded. */
    model_id: varchar('model_id', { length: 128 }),
    outcome: varchar('outcome', { length: 16 }).notNull(),
    error_code: varchar('error_code', { length: 32 }),
    prompt_tokens: int('prompt_tokens'),
    completion_tokens: int('completion_tokens'),
    first_token_ms: int('first_token_ms'),
    total_ms: int('total_ms').notNull(),
    /** Millionths of the models file's currency; null where the usage or the price is unknown. */
    cost_micros: bigint('cost_micros', { mode: 'number' }),
    prompt_hash: hash('prompt_hash'),
    /** What was sent, as JSON; kept only where the operator says so. */
    prompt: mediumtext('prompt'),
    created_at: createdAt(),
  },
  (table) => [index('idx_message').on(table.message_id), index('idx_created').on(table.created_at)],
)

/** Calls that turned a recording into text, or a text into sound. Neither is kept. */
export const voiceCalls = mysqlTable(
  'voice_calls',
  {
    call_id: id('call_id').primaryKey(),
    user_id: id('user_id').notNull(),
    event_id: id('event_id'),
    kind: varchar('kind', { length: 16 }).notNull(),
    model: varchar('model', { length: 128 }).notNull(),
    outcome: varchar('outcome', { length: 16 }).notNull(),
    /** Seconds of a recording, characters of a text. */
    size: int('size').notNull(),
    total_ms: int('total_ms').notNull(),
    /** Millionths of the models file's currency; null where the price is unknown. */
    cost_micros: bigint('cost_micros', { mode: 'number' }),
    created_at: createdAt(),
  },
  (table) => [index('idx_created').on(table.created_at)],
)

const amount = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0)

/** What a user, an event and the whole installation have spent, and what is held for calls that may still come. */
export const spend = mysqlTable(
  'spend',
  {
    /** `user`, `event` or `all`. */
    scope: varchar('scope', { length: 8 }).notNull(),
    scope_id: id('scope_id').notNull(),
    /** A day in UTC, or `ever`. */
    period: varchar('period', { length: 10 }).notNull(),
    tokens_spent: amount('tokens_spent'),
    tokens_held: amount('tokens_held'),
    micros_spent: amount('micros_spent'),
    micros_held: amount('micros_held'),
    updated_at: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.scope_id, table.period] })],
)

/** What is held for one unfinished reply: made with its question, gone with its end. */
export const reservations = mysqlTable('reservations', {
  message_id: messageId('message_id').primaryKey(),
  /** Of the call that it is held for; a call of another attempt leaves it alone. */
  attempt: int('attempt').notNull(),
  user_id: id('user_id').notNull(),
  event_id: id('event_id').notNull(),
  /** The day that it counts for, also if the call ends on the next. */
  day: varchar('day', { length: 10 }).notNull(),
  tokens: amount('tokens'),
  micros: amount('micros'),
  created_at: createdAt(),
})

export const feedback = mysqlTable(
  'feedback',
  {
    message_id: messageId('message_id').notNull(),
    user_id: id('user_id').notNull(),
    rating: varchar('rating', { length: 8 }).notNull(),
    comment: varchar('comment', { length: 2000 }),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.message_id, table.user_id] })],
)

/** How far a user has read a room. */
export const readMarks = mysqlTable(
  'read_marks',
  {
    event_id: id('event_id').notNull(),
    user_id: id('user_id').notNull(),
    position: counter('position').notNull(),
    /** How far they had read when they came back the last time. */
    visit_position: counter('visit_position').notNull().default(0),
    updated_at: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.event_id, table.user_id] })],
)

/** What was changed of an event, when. Clustered by the room's number that the change took. */
export const eventChanges = mysqlTable(
  'event_changes',
  {
    event_id: id('event_id').notNull(),
    seq: counter('seq').notNull(),
    /** By field: the new value, or null for a longer text. */
    changed: json('changed').notNull(),
    created_at: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.event_id, table.seq] }), index('idx_created').on(table.created_at)],
)

/** Replies in which the output filter found something, for admins to look at. */
export const flaggedReplies = mysqlTable(
  'flagged_replies',
  {
    message_id: messageId('message_id').primaryKey(),
    /** Of the reply, when this was found in it. */
    attempt: int('attempt').notNull(),
    hits: json('hits').notNull(),
    /** Null until somebody has looked. */
    verdict: varchar('verdict', { length: 16 }),
    note: varchar('note', { length: 2000 }),
    reviewed_by: id('reviewed_by'),
    reviewed_at: instant('reviewed_at'),
    created_at: createdAt(),
  },
  (table) => [index('idx_created').on(table.created_at, table.message_id)],
)

/** Who did what: added and read, never changed; its age alone removes it. */
export const auditLog = mysqlTable(
  'audit_log',
  {
    id: serial().primaryKey(),
    created_at: createdAt(),
    action: varchar('action', { length: 32 }).notNull(),
    actor: id('actor'),
    address: varchar('address', { length: 45 }),
    object_type: varchar('object_type', { length: 16 }).notNull(),
    object_id: messageId('object_id'),
    event_id: id('event_id'),
    detail: varchar('detail', { length: 255 }),
    request_id: varchar('request_id', { length: 64 }),
  },
  (table) => [
    index('idx_created').on(table.created_at),
    index('idx_actor').on(table.actor, table.id),
    index('idx_event').on(table.event_id, table.id),
  ],
)

/** Events whose data no retention removes. */
export const legalHolds = mysqlTable('legal_holds', {
  event_id: id('event_id').primaryKey(),
  held_by: id('held_by'),
  created_at: createdAt(),
})

/** What was asked on a day, by the model that answered: made of the messages by a worker, read by admins. */
export const chatDays = mysqlTable(
  'chat_days',
  {
    day: date('day', { mode: 'string' }).notNull(),
    model: varchar('model', { length: 128 }).notNull(),
    figures: json('figures').notNull(),
    updated_at: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.day, table.model] })],
)
