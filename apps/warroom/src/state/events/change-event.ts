import { type Event, TLP_LABELS, type UpdateEvent } from '@engineer-chat/protocol'
import { getMessages } from '../../i18n/index.ts'
import { describeFieldChange } from '../../text/event-change.ts'
import { toErrorKind } from '../page/error-kinds.ts'
import { showToast } from '../page/toasts.ts'
import { openDialog } from '../page/view.ts'
import { client } from '../people/sign-in.ts'
import { replaceListedEvent } from './events.ts'
import type { HeaderChange, HeaderField } from './header-change.ts'

/** Changes the event. Before closing the event or lowering its TLP label, opens a dialog that asks for confirmation. */
export function requestChange(event: Event, change: HeaderChange): void {
  if (event[change.field] === change.to) return
  if (change.field === 'event_status' && change.to === 'closed') openDialog({ kind: 'close_event', event, change })
  else if (change.field === 'tlp' && isLower(change.to, event.tlp)) openDialog({ kind: 'lower_tlp', event, change })
  else {
    changeEvent(event, change).catch((error: unknown) => {
      const { cause, nextStep } = getMessages().errorText[toErrorKind(error)]
      showToast(`${cause} ${nextStep}`, 'bad')
    })
  }
}

const isLower = (newLabel: Event['tlp'], oldLabel: Event['tlp']): boolean =>
  TLP_LABELS.indexOf(newLabel) < TLP_LABELS.indexOf(oldLabel)

/** Changes the event and shows a toast that offers to undo the change. Each of the two is a row of the timeline. */
export async function changeEvent(event: Event, change: HeaderChange): Promise<void> {
  const changedEvent = await client.updateEvent(event.event_id, toUpdate(change))
  replaceListedEvent(changedEvent)
  const t = getMessages()
  const description = describeFieldChange({ field: change.field, from: event[change.field], to: change.to }, t)
  showToast(t.controls.saved(description), 'good', {
    label: t.controls.undo,
    run: () => requestChange(changedEvent, toUndo(event, change.field)),
  })
}

const toUpdate = ({ field, to }: HeaderChange): UpdateEvent => ({ [field]: to })

/** Returns the change that sets a field back to its value in the event before the change. */
function toUndo(before: Event, field: HeaderField): HeaderChange {
  switch (field) {
    case 'event_name':
      return { field, to: before.event_name }
    case 'severity':
      return { field, to: before.severity }
    case 'event_status':
      return { field, to: before.event_status }
    case 'tlp':
      return { field, to: before.tlp }
    case 'access':
      return { field, to: before.access }
  }
}
