import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { Addressee } from '../../text/addressee.ts'
import type { Refusal } from './use-draft-message.ts'

/** Tells why a text wasn't sent. A mistyped command is corrected, or sent as it is, by one press. */
export function RefusalNote(props: {
  refusal: Refusal
  addressed: Addressee
  correct(command: string): void
  sendAsItIs(): void
}): ReactNode {
  const { refusal, addressed, correct, sendAsItIs } = props
  const t = useMessages()
  if (refusal.kind === 'problem') {
    return (
      <span className="problem" role="alert">
        {refusal.text}
      </span>
    )
  }
  const { command } = refusal
  return (
    <span className="did-you-mean">
      <span className="problem" role="alert">
        {t.did_you_mean(`/${command}`)}
      </span>
      <button type="button" onClick={() => correct(command)}>
        {t.use_command(`/${command}`)}
      </button>
      <button type="button" className="plain" onClick={sendAsItIs}>
        {addressed.to === 'ai' ? t.ask_as_it_is : t.send_as_it_is}
      </button>
    </span>
  )
}
