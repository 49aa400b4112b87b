import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { Addressee } from '../../text/addressee.ts'
import type { Refusal } from './use-draft-message.ts'

/** Shows why a text was not sent. For a mistyped command, one button corrects it and one sends the text unchanged. */
export function RefusalNote(props: {
  refusal: Refusal
  addressee: Addressee
  replaceByCommand(command: string): void
  /** Sends the text even if it looks like a mistyped command. The other checks still apply. */
  sendWithoutCommandCheck(): void
}): ReactNode {
  const { refusal, addressee, replaceByCommand, sendWithoutCommandCheck } = props
  const t = useMessages()
  if (refusal.kind === 'problem') {
    return (
      <span className="error-text" role="alert">
        {refusal.problem}
      </span>
    )
  }
  const { command } = refusal
  return (
    <span className="did-you-mean">
      <span className="error-text" role="alert">
        {t.did_you_mean(`/${command}`)}
      </span>
      <button type="button" onClick={() => replaceByCommand(command)}>
        {t.use_command(`/${command}`)}
      </button>
      <button type="button" className="plain" onClick={sendWithoutCommandCheck}>
        {addressee.to === 'ai' ? t.ask_as_it_is : t.send_as_it_is}
      </button>
    </span>
  )
}
