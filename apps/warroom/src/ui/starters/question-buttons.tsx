import type { Event } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import type { Catalog } from '../../i18n/en.ts'
import { useMessages } from '../../i18n/index.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { writeCommand } from '../../text/commands.ts'
import { closeCoveringDetails } from '../details/close-covering-details.ts'
import { Icon } from '../parts/icon.tsx'
import { type Asker, askByButton, useAskRefusal } from './ask.ts'

/** Offers first questions that suit the event. A press asks the AI for the reader alone. */
export function QuestionButtons(asker: Asker): ReactNode {
  const t = useMessages()
  const event = useRoom(asker.event_id, (room) => room.event)
  const refusal = useAskRefusal(asker)
  if (!event || refusal !== undefined) return null
  const ask = (question: string) => {
    closeCoveringDetails()
    askByButton(asker, question)
  }
  const offers = [
    ...listQuestions(event, t).map((question) => ({ label: question, question })),
    { label: t.start.summarise, question: writeCommand(t, 'summary') },
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

/** A serious event is contained first, a lesser one is examined first, and a closed one is understood. */
function listQuestions({ severity, event_status }: Event, t: Catalog): readonly string[] {
  const { closed, urgent, minor } = t.start.questions
  if (event_status === 'closed') return closed
  return severity === 'critical' || severity === 'high' ? urgent : minor
}
