import type { DocumentKind, Message } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { findDocumentDraft, keepDocumentDraft, toNewDraftKey } from '../../state/documents/drafts.ts'
import { useEvents } from '../../state/events/events.ts'
import { useMayAsk } from '../../state/events/members.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { NEW_DOCUMENT_ID, navigate, toDocumentHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { loadWholeMessage } from '../../state/rooms/load-whole-message.ts'
import { replaceCitationsByLabels } from '../../text/replace-citations.ts'
import { findAnswerTlp } from '../../text/tlp.ts'
import { Icon } from '../parts/icon.tsx'

/** This leaves space for the document's kind in the title, which has at most 255 characters (Unicode code points). */
const MAX_EVENT_NAME_CHARACTERS = 200

/** Copies an answer into the form for a new document of the event, where the reader reviews and saves it. */
export default function SaveAsDocument({ message, kind }: { message: Message; kind: DocumentKind }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const { event_id } = message
  const mayWrite = useMayAsk(event_id)
  const eventName =
    useEvents(({ events }) => events.find((event) => event.event_id === event_id)?.event_name) ?? event_id
  const [isBusy, setIsBusy] = useState(false)
  if (!mayWrite) return null
  const copyIntoForm = async () => {
    const answer = await loadWholeMessage(message)
    const { message_content } = answer
    const draftKey = toNewDraftKey(event_id)
    const content = replaceCitationsByLabels(message_content.content, message_content.citations ?? [], {
      origin: location.origin,
      event_id,
      kinds: messages.citation_kind,
      formatRound: messages.agents_round,
    })
    const earlierDraft = findDocumentDraft(draftKey)
    const hasOtherText = earlierDraft && earlierDraft.content !== '' && earlierDraft.content !== content
    // If the draft has another text, the form opens with that text, which is not overwritten.
    if (hasOtherText) showToast(t.other_draft, 'bad')
    else
      keepDocumentDraft(draftKey, {
        title: t.title_of(t.kind[kind], [...eventName].slice(0, MAX_EVENT_NAME_CHARACTERS).join('')),
        content,
        kind,
        language: '',
        // The label is `red` if the answer used a red text. Without a label, the document would get its event's label,
        // and models outside could read it.
        tlp: findAnswerTlp(answer, undefined) ?? '',
        base: null,
        event_id,
      })
    navigate(toDocumentHash(NEW_DOCUMENT_ID, event_id))
  }
  const openForm = () => {
    setIsBusy(true)
    copyIntoForm()
      .catch((error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad'))
      .finally(() => setIsBusy(false))
  }
  return (
    <p className="document-actions">
      <button type="button" disabled={isBusy} onClick={openForm}>
        <Icon name="download" /> {t.save_as}
      </button>
    </p>
  )
}
