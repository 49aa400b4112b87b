import { isEventChange, type Message, type Person } from '@engineer-chat/protocol'
import { useMessages } from '../../i18n/index.ts'
import { findName } from '../../state/events/people.ts'
import type { SenderKind } from '../parts/avatar.tsx'

export function toSenderKind({ message_category, sender_type }: Message): SenderKind {
  if (message_category === 'agent') return 'agent'
  if (sender_type === 'ai') return 'ai'
  return sender_type === 'system' ? 'system' : 'person'
}

/** Names the sender in the reader's language. */
export function useSenderName(message: Message, people: readonly Person[]): string {
  const t = useMessages()
  const kind = toSenderKind(message)
  if (kind === 'ai') return t.ai
  if (kind === 'system' && !isEventChange(message)) return t.system
  if (kind === 'agent') return t.agent[message.message_from] ?? message.message_from.replace(/^_/, '')
  return findName(people, message.user_id ?? message.message_from)
}
