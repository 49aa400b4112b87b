import type { MessageContent } from '@engineer-chat/protocol'
import { sql } from 'drizzle-orm'
import { bigint, index, int, mediumtext, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { amount, createdAtColumn, hash, id, instant, json, messageId, serial, updatedAtColumn } from './columns.ts'

/** Keeps the earlier texts of a retried reply. */
export const replyVersions = mysqlTable(
  'reply_versions',
  {
    message_id: messageId('message_id').notNull(),
    attempt: int('attempt').notNull(),
    message_type: varchar('message_type', { length: 64 }).notNull(),
    message_content: json<MessageContent>('message_content').notNull(),
    /** The version was finished at this time and was replaced at `created_at`. */
    finished_at: instant('finished_at').notNull(),
    created_at: createdAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.message_id, table.attempt] }), index('idx_created').on(table.created_at)],
)

/** Records calls to models. Rows are added, and removed with their chat or by age. They are stored by month. */
export const llmCalls = mysqlTable(
  'llm_calls',
  {
    id: serial().notNull(),
    message_id: messageId('message_id').notNull(),
    attempt: int('attempt').notNull(),
    /** Holds the model's name as the provider returned it. */
    model: varchar('model', { length: 128 }).notNull(),
    /** Holds the model's id in the configuration, or null for calls that an older version recorded. */
    model_id: varchar('model_id', { length: 128 }),
    outcome: varchar('outcome', { length: 16 }).notNull(),
    error_code: varchar('error_code', { length: 32 }),
    prompt_tokens: int('prompt_tokens'),
    completion_tokens: int('completion_tokens'),
    first_token_ms: int('first_token_ms'),
    total_ms: int('total_ms').notNull(),
    /** Counts millionths of the models file's currency, and is null where the usage or the price is unknown. */
    cost_micros: bigint('cost_micros', { mode: 'number' }),
    prompt_hash: hash('prompt_hash'),
    /** Holds the prompt as JSON. It is stored only if the configuration says so. */
    prompt: mediumtext('prompt'),
    created_at: createdAtColumn(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.created_at] }),
    index('idx_message').on(table.message_id),
    index('idx_created').on(table.created_at),
  ],
)

/**
 * Lists the busy models for which a postponed reply waits. The sweep removes the rows of replies that have ended, so
 * neither a claim nor the end of a reply deletes them.
 */
export const postponedReplies = mysqlTable(
  'postponed_replies',
  {
    message_id: messageId('message_id').notNull(),
    model_id: varchar('model_id', { length: 128 }).notNull(),
    user_id: id('user_id').notNull(),
    /** Holds the time at which the question was asked, or asked again. The deadline counts from here. */
    accepted_at: instant('accepted_at').notNull(),
    created_at: createdAtColumn(),
    /** Holds the attempt that was postponed. */
    attempt: int('attempt').notNull().default(0),
    /** The model may be called again from this time on. Null means that the reply waits for a slot of the model. */
    ready_at: instant('ready_at'),
  },
  (table) => [
    primaryKey({ columns: [table.message_id, table.model_id] }),
    index('idx_model').on(table.model_id, table.accepted_at),
  ],
)

/**
 * Lists the calls to models with limits: those of the last minute, and those under way. A slot is in use while its
 * reply is leased at that attempt, so that nothing has to give it back.
 */
export const modelSlots = mysqlTable(
  'model_slots',
  {
    model_id: varchar('model_id', { length: 128 }).notNull(),
    message_id: messageId('message_id').notNull(),
    attempt: int('attempt').notNull(),
    user_id: id('user_id').notNull(),
    /** The number is an estimate until the call is over. */
    tokens: amount('tokens'),
    taken_at: instant('taken_at').notNull().default(sql`CURRENT_TIMESTAMP(3)`),
  },
  (table) => [primaryKey({ columns: [table.model_id, table.message_id, table.attempt] })],
)

/** Holds a row for each model with limits. A transaction locks the row before it takes a slot of the model. */
export const modelLocks = mysqlTable('model_locks', {
  model_id: varchar('model_id', { length: 128 }).primaryKey(),
})

/** Counts what a user, an event and the whole installation have spent, and what is reserved for unfinished calls. */
export const spend = mysqlTable(
  'spend',
  {
    /** Holds `user`, `event` or `all`. */
    scope: varchar('scope', { length: 8 }).notNull(),
    scope_id: id('scope_id').notNull(),
    /** Holds a day in UTC, or `ever`. */
    period: varchar('period', { length: 10 }).notNull(),
    tokens_spent: amount('tokens_spent'),
    tokens_held: amount('tokens_held'),
    micros_spent: amount('micros_spent'),
    micros_held: amount('micros_held'),
    updated_at: updatedAtColumn(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.scope_id, table.period] })],
)

/** Reserves budget for one unfinished reply or voice call. The end of the reply or the call deletes the row. */
export const reservations = mysqlTable('reservations', {
  message_id: messageId('message_id').primaryKey(),
  /** Holds the attempt that the budget is reserved for. When a call of another attempt ends, the row stays as it is. */
  attempt: int('attempt').notNull(),
  user_id: id('user_id').notNull(),
  event_id: id('event_id').notNull(),
  /** Holds the day in UTC that the reservation counts for, even if the call ends on the next day. */
  day: varchar('day', { length: 10 }).notNull(),
  tokens: amount('tokens'),
  micros: amount('micros'),
  created_at: createdAtColumn(),
})

/** Records calls that turned a recording into text or a text into sound. The recording and the text are not stored. */
export const voiceCalls = mysqlTable(
  'voice_calls',
  {
    call_id: id('call_id').primaryKey(),
    user_id: id('user_id').notNull(),
    event_id: id('event_id'),
    kind: varchar('kind', { length: 16 }).notNull(),
    model: varchar('model', { length: 128 }).notNull(),
    outcome: varchar('outcome', { length: 16 }).notNull(),
    /** Counts the seconds of a recording or the characters of a text. */
    size: int('size').notNull(),
    total_ms: int('total_ms').notNull(),
    /** Counts millionths of the models file's currency, and is null where the price is unknown. */
    cost_micros: bigint('cost_micros', { mode: 'number' }),
    created_at: createdAtColumn(),
  },
  (table) => [index('idx_created').on(table.created_at)],
)
