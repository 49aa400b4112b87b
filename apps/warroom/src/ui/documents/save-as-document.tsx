import type { DocumentKind, Message } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { findDraft, keepDraft } from '../../state/documents/drafts.ts'
import { useEvents } from '../../state/events/events.ts'
import { useMayAsk } from '../../state/events/members.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { navigate, toDocumentHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { loadWhole } from '../../state/rooms/load-whole.ts'
import { toCitedDocument } from '../../text/cited-document.ts'
import { Icon } from '../parts/icon.tsx'

const MAX_TITLE_CHARACTERS = 200

/** Takes an answer into the form for a new document of the event. It is reviewed there, and saved by the reader. */
export default function SaveAsDocument({ message, kind }: { message: Message; kind: DocumentKind }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const { event_id } = message
  const mayWrite = useMayAsk(event_id)
  const name = useEvents(({ events }) => events.find((event) => event.event_id === event_id)?.event_name) ?? event_id
  const [isBusy, setIsBusy] = useState(false)
  if (!mayWrite) return null
  const save = async () => {
    const { message_content } = await loadWhole(message)
    const key = `new ${event_id}`
    const content = toCitedDocument(message_content.content, message_content.citations ?? [], {
      origin: location.origin,
      event_id,
    })
    const earlier = findDraft(key)
    if (earlier && earlier.content !== '' && earlier.content !== content) showToast(t.other_draft, 'bad')
    else
      keepDraft(key, {
        title: t.title_of(t.kind[kind], name.slice(0, MAX_TITLE_CHARACTERS)),
        content,
        kind,
        language: '',
        tlp: '',
        base: null,
        event_id,
      })
    navigate(toDocumentHash('new', event_id))
  }
  const act = () => {
    setIsBusy(true)
    save()
      .catch((error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad'))
      .finally(() => setIsBusy(false))
  }
  return (
    <p className="document-actions">
      <button type="button" disabled={isBusy} onClick={act}>
        <Icon name="download" /> {t.save_as}
      </button>
    </p>
  )
}
