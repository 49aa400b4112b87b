import {
  findQuotedSenderType,
  isEventChange,
  type Message,
  type MessageQuote,
  type Person,
} from '@engineer-chat/protocol'
import type { Catalog } from '../../i18n/en.ts'
import { useMessages } from '../../i18n/index.ts'
import { findName } from '../../state/events/people.ts'
import type { SenderKind } from '../parts/avatar.tsx'

export function toSenderKind({
  message_category,
  sender_type,
}: Pick<Message, 'message_category' | 'sender_type'>): SenderKind {
  if (message_category === 'agent') return 'agent'
  if (sender_type === 'ai') return 'ai'
  return sender_type === 'system' ? 'system' : 'person'
}

/** Translates an agent's role, such as `_captain`. A role without a translation is shown without its underscore. */
const toAgentName = (role: string, t: Catalog): string => t.agent[role] ?? role.replace(/^_/, '')

/** Names the sender in the reader's language. */
export function useSenderName(message: Message, people: readonly Person[]): string {
  const t = useMessages()
  const kind = toSenderKind(message)
  if (kind === 'ai') return t.ai
  if (kind === 'system' && !isEventChange(message)) return t.system
  if (kind === 'agent') return toAgentName(message.message_from, t)
  return findName(people, message.user_id ?? message.message_from)
}

/** Names the sender of a quoted message in the reader's language. */
export function useQuotedSender(quote: MessageQuote, people: readonly Person[]): { kind: SenderKind; name: string } {
  const t = useMessages()
  const { message_category, message_from, user_id } = quote
  const kind = toSenderKind({ message_category, sender_type: findQuotedSenderType(quote) })
  if (kind === 'ai') return { kind, name: t.ai }
  if (kind === 'agent') return { kind, name: toAgentName(message_from, t) }
  // A system message in the category `room` is a change of the event. It has an author.
  const isSystem = kind === 'system' && message_category !== 'room'
  return { kind, name: isSystem ? t.system : findName(people, user_id ?? message_from) }
}
