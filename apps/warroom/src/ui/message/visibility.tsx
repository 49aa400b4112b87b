import type { MessageCategory, Visibility } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { Icon } from '../parts/icon.tsx'

/** Shows on every message who sees it, in the same words as before it was sent. */
export function VisibilityMark(props: {
  category: MessageCategory
  visibility: Visibility
  /** A post that quotes a chat with the AI is for people alone, as chats are. */
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
