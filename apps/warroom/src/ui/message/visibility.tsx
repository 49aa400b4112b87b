import type { MessageCategory, Visibility } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { Icon } from '../parts/icon.tsx'

/** Shows who can see a message, in the same words as the composer does before it is sent. */
export function VisibilityLabel(props: {
  category: MessageCategory
  visibility: Visibility
  /** Says whether the post quotes a chat with the AI. Agents can read neither such a post nor the chat. */
  quotesChat?: boolean
}): ReactNode {
  const t = useMessages()
  const isPrivate = props.visibility === 'private'
  if (props.category !== 'engineer_chat' && props.quotesChat) {
    return (
      <span className="seen-by shared" title={t.seen_by_people}>
        <Icon name="room" /> {t.people_only}
      </span>
    )
  }
  if (props.category !== 'engineer_chat') {
    return (
      <span className="seen-by all" title={t.seen_by_all}>
        <Icon name="room" label={t.seen_by_all} />
      </span>
    )
  }
  return (
    <span
      className={isPrivate ? 'seen-by private' : 'seen-by shared'}
      title={isPrivate ? t.seen_by_me : t.seen_by_people}
    >
      <Icon name={isPrivate ? 'lock' : 'room'} /> {isPrivate ? t.only_you : t.shared}
    </span>
  )
}
