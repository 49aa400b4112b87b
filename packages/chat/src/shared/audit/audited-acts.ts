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

/** Names a document and its event. A document for everybody has no event. */
type DocumentRef = Pick<ListedDocument, 'document_id' | 'event_id'>

/** Lists what the entry of each action is built from: a part of the verb's input or of its result. */
interface AuditSubjects {
  login: Pick<User, 'user_id'>
  login_failed: { user_id: string | null }
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

/** Builds the fields of each action's entry. They are ids and codes, and never a text that a person typed. */
const FIELDS: { [Action in AuditAction]: (subject: AuditSubjects[Action]) => ActFields } = {
  login: ({ user_id }) => toUserFields(user_id),
  login_failed: ({ user_id }) => toUserFields(user_id),
  logout: ({ user_id, isEverywhere }) => ({ ...toUserFields(user_id), detail: isEverywhere ? 'everywhere' : null }),
  send: toMessageFields,
  share: ({ session_id, event_id }) => ({ object_type: 'session', object_id: session_id, event_id, detail: null }),
  pin: toMessageFields,
  unpin: toMessageFields,
  cancel: toMessageFields,
  retry: ({ detail = null, ...message }) => ({ ...toMessageFields(message), detail }),
  export: (subject) =>
    subject.object_type === 'event'
      ? { ...toEventFields(subject.event_id), detail: subject.detail }
      : { object_type: 'audit', object_id: null, event_id: null, detail: subject.detail },
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
  event_updated: (subject) => ({
    ...toEventFields(subject.event_id),
    detail:
      'changes' in subject
        ? describeChanges(subject.changes, UpdateEvent.properties)
        : `legal_hold=${subject.isUnderLegalHold}`,
  }),
  document_created: ({ kind, tlp, ...document }) => ({
    ...toDocumentFields(document),
    detail: `kind=${kind} tlp=${tlp}`,
  }),
  document_updated: ({ version, ...document }) => ({ ...toDocumentFields(document), detail: `version=${version}` }),
  document_deleted: toDocumentFields,
  reply_judged: ({ verdict, ...message }) => ({ ...toMessageFields(message), detail: verdict }),
  admin_view: (subject) => ({ ...toViewedFields(subject), detail: subject.detail }),
}

/** Describes an act for the audit. An action that `FIELDS` does not describe does not compile. */
export function describeAct<Action extends AuditAction>(action: Action, subject: AuditSubjects[Action]): AuditedAct {
  return { action, ...FIELDS[action](subject) }
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

function toViewedFields(subject: AuditSubjects['admin_view']): ActFields {
  switch (subject.object_type) {
    case 'event':
      return toEventFields(subject.event_id)
    case 'message':
      return toMessageFields(subject)
    default:
      return { object_type: subject.object_type, object_id: null, event_id: null, detail: null }
  }
}

/** The values of these fields are codes, so an entry may contain them. */
const CODED_FIELDS: ReadonlySet<string> = new Set(['role', 'active', 'access', 'severity', 'event_status', 'tlp'])
const MAX_DETAIL_LENGTH = 255

/**
 * Names the fields that a request changed. It adds their values if these are codes, and never a text or a password. It
 * leaves out fields that the schema does not know, because nobody checked them.
 */
function describeChanges(changes: object, knownFields: object = changes): string {
  return Object.entries(changes)
    .filter(([name]) => Object.hasOwn(knownFields, name))
    .map(([name, value]) => (CODED_FIELDS.has(name) ? `${name}=${String(value)}` : name))
    .join(' ')
    .slice(0, MAX_DETAIL_LENGTH)
}
