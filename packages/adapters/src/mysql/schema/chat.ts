import type { ActiveSlot } from '@engineer-chat/chat/asking'
import type { Audience } from '@engineer-chat/chat/shared'
import type { ChatSession, Message, MessageContent } from '@engineer-chat/protocol'
import {
  boolean,
  index,
  int,
  mediumtext,
  mysqlTable,
  primaryKey,
  tinyint,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/mysql-core'
import { counter, createdAtColumn, hash, id, instant, json, messageId, serial, updatedAtColumn } from './columns.ts'

export const chatSessions = mysqlTable(
  'chat_sessions',
  {
    session_id: id('session_id').primaryKey(),
    event_id: id('event_id').notNull(),
    user_id: id('user_id').notNull(),
    visibility: varchar('visibility', { length: 16 }).$type<ChatSession['visibility']>().notNull().default('private'),
    /**
     * The slot is 1 for the active session that the user used last in the event, 2 for the active one of the other
     * visibility, and null for the others: a unique key admits many nulls. Nodes of the previous version know only 1.
     */
    active_slot: tinyint('active_slot').$type<ActiveSlot>(),
    rounds: int('rounds').notNull().default(0),
    max_rounds: int('max_rounds').notNull(),
    /** Records the event's summary version at the session's last question. */
    summary_version: varchar('summary_version', { length: 64 }),
    /** Holds the carry-over: the summary of the previous session. */
    carried_over: mediumtext('carried_over'),
    created_at: createdAtColumn(),
    updated_at: updatedAtColumn(),
  },
  (table) => [uniqueIndex('uq_active').on(table.event_id, table.user_id, table.active_slot)],
)

/**
 * Holds the messages of every room, clustered by room and position: rows that are shown together are stored together.
 */
export const messages = mysqlTable(
  'messages',
  {
    id: serial().notNull(),
    message_id: messageId('message_id').notNull(),
    event_id: id('event_id').notNull(),
    position: counter('position').notNull(),
    seq: counter('seq').notNull(),
    /** Holds `all`, `people`, or the id of the one user who may see the message. */
    audience: id('audience').$type<Audience>().notNull(),
    user_id: id('user_id'),
    message_from: varchar('message_from', { length: 64 }).notNull(),
    message_type: varchar('message_type', { length: 64 }).notNull(),
    message_category: varchar('message_category', { length: 32 })
      .$type<Message['message_category']>()
      .notNull()
      .default('agent'),
    sender_type: varchar('sender_type', { length: 32 }).$type<NonNullable<Message['sender_type']>>(),
    chat_session_id: varchar('chat_session_id', { length: 64 }),
    reply_to: messageId('reply_to'),
    round_id: int('round_id'),
    event_summary_version: varchar('event_summary_version', { length: 64 }),
    message_content: json<MessageContent>('message_content').notNull(),
    client_message_id: varchar('client_message_id', { length: 128 }),
    request_hash: hash('request_hash'),
    /** Names the model that was asked for, on a reply's row. */
    model: varchar('model', { length: 128 }),
    /** Names the request by which a reply was asked for, until the reply ends. */
    request_id: varchar('request_id', { length: 64 }),
    /** Holds the fence token. Claims, further calls and retries raise it. A write with a lower one has no effect. */
    attempt: int('attempt').notNull().default(0),
    tries: int('tries').notNull().default(0),
    /** Null means that no worker has claimed the reply. */
    lease_until: instant('lease_until'),
    /** Holds the time at which the sweep reads an unfinished reply. It is null for every other row. */
    due_at: instant('due_at'),
    cancel_requested: boolean('cancel_requested').notNull().default(false),
    pinned_by: id('pinned_by'),
    pinned_at: instant('pinned_at'),
    /** Lists the ids of the people that a post names. It is null where nobody is named. */
    mentions: json<string[]>('mentions'),
    created_at: createdAtColumn(),
    updated_at: updatedAtColumn(),
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
    // With the last column, MySQL finds the unfinished replies of a long session in the index alone.
    index('idx_chat_session').on(table.chat_session_id, table.position, table.due_at),
    index('idx_sender_type').on(table.sender_type, table.message_type, table.event_id, table.position),
    index('idx_event_summary').on(table.event_summary_version, table.event_id),
  ],
)

/**
 * Lists the positions of pinned messages. An index on `messages` could do the same, but would slow every insert there.
 */
export const pins = mysqlTable(
  'pins',
  { event_id: id('event_id').notNull(), position: counter('position').notNull() },
  (table) => [primaryKey({ columns: [table.event_id, table.position] })],
)

/** Records the position up to which a user has read a room. */
export const readMarks = mysqlTable(
  'read_marks',
  {
    event_id: id('event_id').notNull(),
    user_id: id('user_id').notNull(),
    position: counter('position').notNull(),
    /** Records the position up to which the user had read at the start of their last visit. */
    visit_position: counter('visit_position').notNull().default(0),
    updated_at: updatedAtColumn(),
    /** Holds the room's sequence number at the last mark, and 0 if no node since version 0.12 has stored one. */
    seen_seq: counter('seen_seq').notNull().default(0),
    muted: boolean('muted').notNull().default(false),
    /** Holds the time of the last mark, mute or unmute. Nodes find by it the rows that changed since they last read. */
    changed_at: instant('changed_at'),
  },
  (table) => [primaryKey({ columns: [table.event_id, table.user_id] }), index('idx_changed').on(table.changed_at)],
)
