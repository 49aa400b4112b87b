import { toSafeHref } from '@engineer-chat/markdown'
import type { IndicatorType, RoomIndicator, User } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { prependToDraft } from '../../state/asking/drafts.ts'
import { useMayAsk } from '../../state/events/members.ts'
import { findIndicator } from '../../state/indicators/indicators.ts'
import { closeDialog } from '../../state/page/view.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { isAddressType, toShownValue } from '../../text/indicator-value.ts'
import { usePinToggle } from '../message/actions.tsx'
import { copyText } from '../parts/copy-text.ts'
import { focusMessageBox } from '../parts/focus.ts'
import { Time } from '../parts/time.tsx'

interface Props {
  value: string
  type: IndicatorType
  event_id: string
  /** Names the message in which the reader clicked the indicator. */
  message_id?: string
  user: User
}

/** Shows where an indicator was seen. The reader can copy it, ask the AI about it, and pin its message. */
export function IndicatorDialog({ value, type, event_id, message_id, user }: Props): ReactNode {
  const t = useMessages()
  const mayAsk = useMayAsk(event_id)
  const isAddress = isAddressType(type)
  const shownValue = toShownValue(type, value)
  const href = toSafeHref(value)
  const copyAndClose = (text: string) => {
    closeDialog()
    void copyText(text, t.copied)
  }
  const ask = () => {
    closeDialog()
    prependToDraft(user.user_id, event_id, `@AI ${t.ask_about_indicator(shownValue)} `)
    requestAnimationFrame(focusMessageBox) // The dialog returns the focus to its opener before this frame.
  }
  return (
    <div className="content">
      <p className="indicator-shown">{shownValue}</p>
      <p className="quiet">{t.indicator_type[type]}</p>
      <Sightings event_id={event_id} type={type} value={value} />
      <p className="button-row">
        {isAddress && (
          <button type="button" className="primary" onClick={() => copyAndClose(shownValue)}>
            {t.copy_defanged}
          </button>
        )}
        <button type="button" className={isAddress ? undefined : 'primary'} onClick={() => copyAndClose(value)}>
          {isAddress ? t.copy_as_is : t.copy}
        </button>
      </p>
      {mayAsk && (
        <p className="next-steps">
          <button type="button" onClick={ask}>
            {t.ask_ai}
          </button>
          {message_id !== undefined && <PinButton event_id={event_id} message_id={message_id} />}
        </p>
      )}
      {href && (
        <p className="quiet">
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {t.visit(new URL(href).host)}
          </a>
        </p>
      )}
    </div>
  )
}

type SightingsState = RoomIndicator | 'loading' | 'unlisted' | 'failed'

/** Says where the indicator was seen. Messages of the last few seconds may not be counted yet. */
function Sightings({ event_id, type, value }: Pick<Props, 'event_id' | 'type' | 'value'>): ReactNode {
  const t = useMessages()
  const [sightings, setSightings] = useState<SightingsState>('loading')
  useEffect(() => {
    let isCurrent = true
    const show = (newSightings: SightingsState) => {
      if (isCurrent) setSightings(newSightings)
    }
    findIndicator(event_id, type, value).then(
      (indicator) => show(indicator ?? 'unlisted'),
      () => show('failed'),
    )
    return () => {
      isCurrent = false
    }
  }, [event_id, type, value])
  if (sightings === 'failed') return null
  if (sightings === 'loading') return <p className="quiet sightings">{t.loading}</p>
  if (sightings === 'unlisted') return <p className="quiet sightings">{t.indicator_not_counted}</p>
  const otherEventCount = sightings.events - 1 // The server also counts this event.
  return (
    <dl className="sightings">
      <dt>{t.indicator_seen}</dt>
      <dd>
        {t.indicator_places(sightings.count)} · {t.indicator_elsewhere(otherEventCount)}
      </dd>
      <dt>{t.indicator_first}</dt>
      <dd>
        <Time at={sightings.first_at} showsDay />
      </dd>
      <dt>{t.indicator_last}</dt>
      <dd>
        <Time at={sightings.last_at} showsDay />
      </dd>
    </dl>
  )
}

function PinButton({ event_id, message_id }: { event_id: string; message_id: string }): ReactNode {
  const t = useMessages()
  const message = useRoom(event_id, (room) => room.messages.find((candidate) => candidate.message_id === message_id))
  const togglePin = usePinToggle()
  if (!message) return null
  const closeAndToggle = () => {
    closeDialog()
    togglePin(message)
  }
  return (
    <button type="button" onClick={closeAndToggle}>
      {message.pinned ? t.unpin : t.pin}
    </button>
  )
}
