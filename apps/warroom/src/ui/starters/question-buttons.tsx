import type { Event } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import type { Catalog } from '../../i18n/en.ts'
import { useMessages } from '../../i18n/index.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { formatCommand } from '../../text/commands.ts'
import { closeDetailsOverRoom } from '../details/close-details-over-room.ts'
import { Icon } from '../parts/icon.tsx'
import { type AskContext, askPrivatelyByButton, useAskRefusal } from './ask-by-button.ts'

/** Offers first questions about the event. A click asks the AI, and only the reader sees the answer. */
export function QuestionButtons(context: AskContext): ReactNode {
  const t = useMessages()
  const event = useRoom(context.event_id, (room) => room.event)
  const refusal = useAskRefusal(context)
  if (!event || refusal !== undefined) return null
  const ask = (question: string) => {
    closeDetailsOverRoom()
    askPrivatelyByButton(context, question)
  }
  const offers = [
    ...listQuestions(event, t).map((question) => ({ label: question, question })),
    { label: t.start.summarise, question: formatCommand(t, 'summary') },
  ]
  return (
    <div className="questions">
      <p className="starters">
        {offers.map(({ label, question }) => (
          <button key={question} type="button" className="starter" onClick={() => ask(question)}>
            <Icon name="sparkle" /> {label}
          </button>
        ))}
      </p>
      <p className="quiet">
        <Icon name="lock" /> {t.start.who_sees}
      </p>
    </div>
  )
}

/**
 * Lists questions that fit the event: how to contain a severe event, how to check a less severe one, or what to learn
 * from a closed one.
 */
function listQuestions({ severity, event_status }: Event, t: Catalog): readonly string[] {
  const { closed, urgent, minor } = t.start.questions
  if (event_status === 'closed') return closed
  return severity === 'critical' || severity === 'high' ? urgent : minor
}
