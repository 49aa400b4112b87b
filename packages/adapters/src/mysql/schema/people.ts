import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import type { UserRole } from '@engineer-chat/protocol'
import { boolean, index, mysqlTable, uniqueIndex, varchar } from 'drizzle-orm/mysql-core'
import { createdAtColumn, hash, id, instant, json, updatedAtColumn } from './columns.ts'

export const users = mysqlTable(
  'users',
  {
    user_id: id('user_id').primaryKey(),
    username: varchar('username', { length: 64 }).notNull(),
    password_hash: varchar('password_hash', { length: 255 }).notNull(),
    role: varchar('role', { length: 16 }).$type<UserRole>().notNull(),
    active: boolean('active').notNull().default(true),
    created_at: createdAtColumn(),
    updated_at: updatedAtColumn(),
  },
  (table) => [uniqueIndex('uq_username').on(table.username)],
)

/** A sign-in begins with a login. Every access token names a sign-in, and is invalid after the sign-in has ended. */
export const signIns = mysqlTable(
  'sign_ins',
  {
    sign_in_id: id('sign_in_id').primaryKey(),
    user_id: id('user_id').notNull(),
    created_at: createdAtColumn(),
    /** Null means that the sign-in is valid. */
    ended_at: instant('ended_at'),
    /** Holds a keyed hash of the user's name and network. The IP address itself is not stored. */
    network_hash: hash('network_hash'),
  },
  (table) => [index('idx_user').on(table.user_id), index('idx_network').on(table.network_hash)],
)

/**
 * The refresh tokens of one sign-in form a family. Used ones stay until they expire, so that their reuse is noticed.
 */
export const refreshTokens = mysqlTable(
  'refresh_tokens',
  {
    token_hash: hash('token_hash').primaryKey(),
    sign_in_id: id('sign_in_id').notNull(),
    created_at: createdAtColumn(),
    expires_at: instant('expires_at').notNull(),
    used_at: instant('used_at'),
  },
  (table) => [index('idx_sign_in').on(table.sign_in_id), index('idx_expires').on(table.expires_at)],
)

export const wsTickets = mysqlTable(
  'ws_tickets',
  {
    ticket_hash: hash('ticket_hash').primaryKey(),
    /** Holds the sign-in for which the ticket was issued. */
    holder: json<ExpiringSignIn>('holder').notNull(),
    expires_at: instant('expires_at').notNull(),
  },
  (table) => [index('idx_expires').on(table.expires_at)],
)
