import { isThinking } from '@engineer-chat/client'
import { createCitationMatcher, type Message, removeCitationMarks } from '@engineer-chat/protocol'
import { useEffect } from 'react'
import { getMessages } from '../../i18n/index.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { cutText, toPlainLine } from '../../text/excerpt.ts'
import { announce } from '../parts/announcer.tsx'

const MAX_SPOKEN_CHARACTERS = 400
/** Only this number of the newest messages is searched, because the search runs at each change of the room. */
const MAX_SEARCHED_MESSAGES = 50

/** Announces each answer to the reader's own questions once, when it is finished. */
export function useAnnouncedAnswers(event_id: string, user_id: string): void {
  useEffect(() => {
    const unfinishedIds = new Set<string>()
    return getRoom(event_id).on('change', ({ messages }) => {
      for (const message of messages.slice(-MAX_SEARCHED_MESSAGES)) {
        if (message.user_id !== user_id || message.reply_to === null) continue
        if (isThinking(message)) unfinishedIds.add(message.message_id)
        else if (unfinishedIds.has(message.message_id)) {
          unfinishedIds.delete(message.message_id)
          announceAnswer(message)
        }
      }
    })
  }, [event_id, user_id])
}

function announceAnswer(message: Message): void {
  const t = getMessages()
  if (message.message_type === 'error') {
    announce(t.announce_failed)
    return
  }
  const isCited = createCitationMatcher(message.message_content.citations ?? [])
  announce(t.announce(cutText(removeCitationMarks(toPlainLine(message), isCited), 0, MAX_SPOKEN_CHARACTERS)))
}
