import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { Addressee } from '../../text/addressee.ts'
import type { Refusal } from './use-draft-message.ts'

/** Shows why a text wasn't sent. A mistyped command has two buttons: one corrects it, one sends it as it is. */
export function RefusalNote(props: {
  refusal: Refusal
  addressee: Addressee
  correctTo(command: string): void
  sendUnchecked(): void
}): ReactNode {
  const { refusal, addressee, correctTo, sendUnchecked } = props
  const t = useMessages()
  if (refusal.kind === 'problem') {
    return (
      <span className="error-text" role="alert">
        {refusal.text}
      </span>
    )
  }
  const { command } = refusal
  return (
    <span className="did-you-mean">
      <span className="error-text" role="alert">
        {t.did_you_mean(`/${command}`)}
      </span>
      <button type="button" onClick={() => correctTo(command)}>
        {t.use_command(`/${command}`)}
      </button>
      <button type="button" className="plain" onClick={sendUnchecked}>
        {addressee.to === 'ai' ? t.ask_as_it_is : t.send_as_it_is}
      </button>
    </span>
  )
}
