import { type Static, Type } from 'typebox'
import { CursorQuery } from './problem.ts'
import { EventId, Nullable, Timestamp, UserId } from './scalars.ts'

export const AUDIT_ACTIONS = [
  'login',
  'login_failed',
  'logout',
  'send',
  'share',
  'pin',
  'unpin',
  'cancel',
  'retry',
  'export',
  'user_created',
  'user_updated',
  'member_put',
  'member_removed',
  'event_created',
  'event_updated',
  'document_created',
  'document_updated',
  'document_deleted',
  'reply_judged',
  'admin_view',
] as const
export const AuditAction = Type.Enum(AUDIT_ACTIONS)
export type AuditAction = Static<typeof AuditAction>

/** Records who did what, when and from which IP address. It holds ids and codes, and no text that a person wrote. */
export const AuditRecord = Type.Object(
  {
    id: Type.String({ description: 'Later records have higher ids.' }),
    at: Timestamp,
    action: AuditAction,
    actor: Type.Union([UserId, Type.Null()], {
      description:
        'It is the id of a user, `command-line` for a program that an operator ran, or `first-start` for the first start of the product, which creates the first administrator. It is null for a failed login.',
    }),
    address: Nullable(
      Type.String({
        description: "It is the client's IP address. Forwarding headers count only from trusted proxies.",
      }),
    ),
    object_type: Type.Enum(['user', 'event', 'session', 'message', 'document', 'audit', 'queue']),
    object_id: Nullable(Type.String()),
    event_id: Nullable(EventId),
    detail: Nullable(Type.String({ description: 'It is a code, such as the new role, the format or the route.' })),
    request_id: Nullable(Type.String()),
  },
  { $id: 'AuditRecord' },
)
export type AuditRecord = Static<typeof AuditRecord>

const TIME_PATTERN = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$'

/** A record matches if every given field matches. */
export const AuditFilter = Type.Object({
  action: Type.Optional(AuditAction),
  actor: Type.Optional(UserId),
  event_id: Type.Optional(EventId),
  object_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  from: Type.Optional(
    Type.String({ pattern: TIME_PATTERN, description: 'It selects records of this time and of later times.' }),
  ),
  to: Type.Optional(Type.String({ pattern: TIME_PATTERN, description: 'It selects records from before this time.' })),
})
export type AuditFilter = Static<typeof AuditFilter>

export const AuditQuery = Type.Object({
  ...AuditFilter.properties,
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,20}$' })),
  limit: CursorQuery.properties.limit,
})
export type AuditQuery = Static<typeof AuditQuery>
