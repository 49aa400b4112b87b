import {
  type AuditAction,
  type ChatSession,
  type Event,
  type EventMember,
  type FlaggedReply,
  type ListedDocument,
  type Message,
  UpdateEvent,
  UpdateUser,
  type User,
} from '@engineer-chat/protocol'
import type { AuditedAct } from './audit.ts'

type MessageRef = Pick<Message, 'message_id' | 'event_id'>

/** Contains the ids of a document and of its event. A document for everybody has no event. */
type DocumentRef = Pick<ListedDocument, 'document_id' | 'event_id'>

/** Gives for each action the facts that its entry is built from. Callers take them from a verb's input or result. */
interface ActFacts {
  login: Pick<User, 'user_id'>
  /** `user_id` is null if no user has the name that was entered. */
  login_failed: { user_id: string | null }
  /** `isEverywhere` is true if all sign-ins of the user ended, and not only the one that sent the request. */
  logout: { user_id: string; isEverywhere: boolean }
  send: MessageRef
  share: Pick<ChatSession, 'session_id' | 'event_id'>
  pin: MessageRef
  unpin: MessageRef
  cancel: MessageRef
  retry: MessageRef & { detail?: string | null }
  export: { object_type: 'event'; event_id: string; detail: string } | { object_type: 'audit'; detail: string }
  user_created: Pick<User, 'user_id' | 'role'>
  user_updated: { user_id: string; changes: object }
  member_put: Pick<EventMember, 'user_id' | 'role'> & { event_id: string }
  member_removed: { event_id: string; user_id: string }
  event_created: Pick<Event, 'event_id' | 'severity' | 'access'>
  event_updated: { event_id: string } & ({ changes: object } | { isUnderLegalHold: boolean })
  document_created: DocumentRef & Pick<ListedDocument, 'kind' | 'tlp'>
  document_updated: DocumentRef & { version: number }
  document_deleted: DocumentRef
  reply_judged: Pick<FlaggedReply, 'message_id' | 'event_id' | 'verdict'>
  admin_view:
    | { object_type: 'event'; event_id: string; detail: string }
    | { object_type: 'message'; message_id: string; event_id: string; detail: string }
    | { object_type: 'user' | 'queue' | 'audit'; detail: string | null }
}

type ActFields = Omit<AuditedAct, 'action'>

/** Builds the fields of each action's entry. The fields are ids and codes, and never a text that a person typed. */
const FIELD_BUILDERS: { [Action in AuditAction]: (facts: ActFacts[Action]) => ActFields } = {
  login: ({ user_id }) => toUserFields(user_id),
  login_failed: ({ user_id }) => toUserFields(user_id),
  logout: ({ user_id, isEverywhere }) => ({ ...toUserFields(user_id), detail: isEverywhere ? 'everywhere' : null }),
  send: toMessageFields,
  share: ({ session_id, event_id }) => ({ object_type: 'session', object_id: session_id, event_id, detail: null }),
  pin: toMessageFields,
  unpin: toMessageFields,
  cancel: toMessageFields,
  retry: ({ detail = null, ...message }) => ({ ...toMessageFields(message), detail }),
  export: (facts) =>
    facts.object_type === 'event'
      ? { ...toEventFields(facts.event_id), detail: facts.detail }
      : { object_type: 'audit', object_id: null, event_id: null, detail: facts.detail },
  user_created: ({ user_id, role }) => ({ ...toUserFields(user_id), detail: describeChanges({ role }) }),
  user_updated: ({ user_id, changes }) => ({
    ...toUserFields(user_id),
    detail: describeChanges(changes, UpdateUser.properties),
  }),
  member_put: ({ event_id, user_id, role }) => ({
    ...toUserFields(user_id),
    event_id,
    detail: describeChanges({ role }),
  }),
  member_removed: ({ event_id, user_id }) => ({ ...toUserFields(user_id), event_id }),
  event_created: ({ event_id, severity, access }) => ({
    ...toEventFields(event_id),
    detail: describeChanges({ severity, access }),
  }),
  event_updated: (facts) => ({
    ...toEventFields(facts.event_id),
    detail:
      'changes' in facts
        ? describeChanges(facts.changes, UpdateEvent.properties)
        : `legal_hold=${facts.isUnderLegalHold}`,
  }),
  document_created: ({ kind, tlp, ...document }) => ({
    ...toDocumentFields(document),
    detail: `kind=${kind} tlp=${tlp}`,
  }),
  document_updated: ({ version, ...document }) => ({ ...toDocumentFields(document), detail: `version=${version}` }),
  document_deleted: toDocumentFields,
  reply_judged: ({ verdict, ...message }) => ({ ...toMessageFields(message), detail: verdict }),
  admin_view: (facts) => ({ ...toViewedFields(facts), detail: facts.detail }),
}

/** Describes an act for the audit. An action without a function in `FIELD_BUILDERS` is an error of the compiler. */
export function describeAct<Action extends AuditAction>(action: Action, facts: ActFacts[Action]): AuditedAct {
  return { action, ...FIELD_BUILDERS[action](facts) }
}

function toUserFields(user_id: string | null): ActFields {
  return { object_type: 'user', object_id: user_id, event_id: null, detail: null }
}

function toEventFields(event_id: string): ActFields {
  return { object_type: 'event', object_id: event_id, event_id, detail: null }
}

function toMessageFields({ message_id, event_id }: MessageRef): ActFields {
  return { object_type: 'message', object_id: message_id, event_id, detail: null }
}

function toDocumentFields({ document_id, event_id }: DocumentRef): ActFields {
  return { object_type: 'document', object_id: document_id, event_id: event_id ?? null, detail: null }
}

function toViewedFields(facts: ActFacts['admin_view']): ActFields {
  switch (facts.object_type) {
    case 'event':
      return toEventFields(facts.event_id)
    case 'message':
      return toMessageFields(facts)
    default:
      return { object_type: facts.object_type, object_id: null, event_id: null, detail: null }
  }
}

/** The values of these fields are codes, so an entry may contain these values. */
const FIELDS_WITH_CODES: ReadonlySet<string> = new Set(['role', 'active', 'access', 'severity', 'event_status', 'tlp'])
/** Is the length of the column `detail`. */
const MAX_DETAIL_LENGTH = 255

/**
 * Returns the names of the fields that a request changed. It adds a field's value if the values are codes, but never a
 * text or a password. `knownFields` are the properties of the request's schema. Other fields are left out, because
 * nothing has checked them. Without `knownFields`, all fields count as known.
 */
function describeChanges(changes: object, knownFields: object = changes): string {
  return Object.entries(changes)
    .filter(([name]) => Object.hasOwn(knownFields, name))
    .map(([name, value]) => (FIELDS_WITH_CODES.has(name) ? `${name}=${String(value)}` : name))
    .join(' ')
    .slice(0, MAX_DETAIL_LENGTH)
}
