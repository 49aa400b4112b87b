import type { Event } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { changeEvent } from '../../state/events/change-event.ts'
import type { HeaderChange } from '../../state/events/header-change.ts'
import { Confirm } from '../dialogs/confirm.tsx'
import { useAction } from '../dialogs/use-action.ts'
import { formatTlp } from '../parts/event-fields.tsx'

/** Asks for confirmation before the event is closed or its TLP label is lowered. */
export function ConfirmChangeDialog({ event, change }: { event: Event; change: HeaderChange }): ReactNode {
  const { controls } = useMessages()
  const { isBusy, errorText, run } = useAction()
  const lowersLabel = change.field === 'tlp'
  const newLabel = lowersLabel ? formatTlp(change.to) : ''
  return (
    <Confirm
      confirmLabel={lowersLabel ? controls.lower_button(newLabel) : controls.close_button}
      cancelLabel={controls.keep}
      isBusy={isBusy}
      errorText={errorText}
      onConfirm={() => run(() => changeEvent(event, change))}
    >
      <p>
        <strong>{event.event_name}</strong>
      </p>
      <p>{lowersLabel ? controls.lower_effects(formatTlp(event.tlp), newLabel) : controls.close_effects}</p>
    </Confirm>
  )
}
