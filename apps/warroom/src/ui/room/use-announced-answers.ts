import { isThinking } from '@engineer-chat/client'
import { createCitationMatcher, removeCitationMarks } from '@engineer-chat/protocol'
import { useEffect } from 'react'
import { getMessages } from '../../i18n/index.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { toPlainLine } from '../../text/excerpt.ts'
import { announce } from '../parts/announcer.tsx'

const MAX_SPOKEN_CHARACTERS = 400

/** Announces each answer to the reader's own questions once, when it is finished. */
export function useAnnouncedAnswers(event_id: string, user_id: string): void {
  useEffect(() => {
    const thinkingIds = new Set<string>()
    return getRoom(event_id).on('change', ({ messages }) => {
      for (const message of messages.slice(-50)) {
        if (message.user_id !== user_id || message.reply_to === null) continue
        if (isThinking(message)) thinkingIds.add(message.message_id)
        else if (thinkingIds.delete(message.message_id)) {
          const isCited = createCitationMatcher(message.message_content.citations ?? [])
          const spokenText = removeCitationMarks(toPlainLine(message), isCited).slice(0, MAX_SPOKEN_CHARACTERS)
          announce(
            message.message_type === 'error' ? getMessages().announce_failed : getMessages().announce(spokenText),
          )
        }
      }
    })
  }, [event_id, user_id])
}
