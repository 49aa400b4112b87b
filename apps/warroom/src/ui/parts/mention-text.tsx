import { type ReactNode, useContext } from 'react'
import { usePeople } from '../../state/events/people.ts'
import { useSignIn } from '../../state/people/sign-in.ts'
import { splitMentions } from '../../text/mentions.ts'
import { MessageText, ShownMessage } from './message-text.tsx'

/**
 * Shows a text of a message outside of code, and highlights the mentioned names, the reader's own name most strongly.
 */
export function MentionText({ text, place }: { text: string; place: { start: number; end: number } }): ReactNode {
  const message = useContext(ShownMessage)
  const people = usePeople(message?.event_id ?? '')
  const readerId = useSignIn(({ user }) => user?.user_id)
  const mentions = message?.mentions ?? []
  if (mentions.length === 0) return <MessageText text={text} place={place} />
  const mentionedPeople = new Map(
    people
      .filter(({ user_id }) => mentions.includes(user_id))
      .map(({ username, user_id }) => [username.toLowerCase(), user_id]),
  )
  return splitMentions(text, mentionedPeople).map(({ text: segmentText, start, user_id }) =>
    user_id === undefined ? (
      <MessageText
        key={start}
        text={segmentText}
        place={{ start: place.start + start, end: place.start + start + segmentText.length }}
      />
    ) : (
      <span key={start} className={user_id === readerId ? 'mention own' : 'mention'}>
        {segmentText}
      </span>
    ),
  )
}
