import type { Message } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { closeDialog } from '../../state/page/view.ts'
import { loadWholeMessage } from '../../state/rooms/load-whole-message.ts'
import { ADDRESS_FORMS, COPY_FORMATS, type CopyChoice, toCopiedAnswer } from '../../text/files/copied-answer.ts'
import { copyText } from '../parts/copy-text.ts'

/** Remembers the last choice, because people often copy several answers in the same way. */
let lastChoice: CopyChoice = { format: 'markdown', addresses: 'defanged' }

/** Copies the whole answer, even if the socket has sent a truncated text, or if the answer is folded. */
export function CopyAnswerDialog({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const [choice, setChoice] = useState(lastChoice)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    lastChoice = choice
    loadWholeMessage(message).then(
      (wholeMessage) => {
        closeDialog()
        return copyText(toCopiedAnswer(wholeMessage, choice), t.copied)
      },
      (error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'),
    )
  }
  return (
    <form className="content" onSubmit={submit}>
      <fieldset>
        <legend>{t.copy_format}</legend>
        {COPY_FORMATS.map((format) => (
          <label key={format} className="choice">
            <input
              type="radio"
              name="format"
              checked={choice.format === format}
              onChange={() => setChoice({ ...choice, format })}
            />
            {t.copy_formats[format]}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t.copy_addresses}</legend>
        {ADDRESS_FORMS.map((addresses) => (
          <label key={addresses} className="choice">
            <input
              type="radio"
              name="addresses"
              checked={choice.addresses === addresses}
              onChange={() => setChoice({ ...choice, addresses })}
            />
            {t.copy_address_forms[addresses]}
          </label>
        ))}
      </fieldset>
      <p className="button-row">
        <button type="submit" className="primary">
          {t.copy}
        </button>
      </p>
    </form>
  )
}
