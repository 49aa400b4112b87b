import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../i18n/index.ts'
import { useFeedback } from '../../state/feedback.ts'
import { troubleOf } from '../../state/problems.ts'
import { retry } from '../../state/replies.ts'
import { messageHash } from '../../state/route.ts'
import { toast } from '../../state/toasts.ts'
import { ask, show } from '../../state/view.ts'
import { Icon } from '../icon.tsx'

export function ReplyFoot({ message, own }: { message: Message; own: boolean }): ReactNode {
  const say = useWords()
  const { finish_reason, model, usage, citations = [] } = message.message_content
  const ending = finish_reason && finish_reason !== 'stop' ? say.finish[finish_reason] : ''
  return (
    <footer className="reply-foot">
      {citations.length > 0 && (
        <ul className="citations" aria-label={say.citations}>
          {citations.map(({ id, label, message_id, supported }) => (
            <li key={id} className={supported ? undefined : 'unsupported'}>
              {message_id === undefined ? (
                <button type="button" className="plain" onClick={() => show({ details: true })}>
                  {label}
                </button>
              ) : (
                <a href={messageHash(message.event_id, message_id)}>{label}</a>
              )}
              {!supported && <span> {say.unsupported}</span>}
            </li>
          ))}
        </ul>
      )}
      {ending !== '' && <p className="ending">{ending}</p>}
      <p className="facts">
        {model && <span>{model}</span>}
        {usage && <span>{say.tokens(usage.prompt_tokens, usage.completion_tokens)}</span>}
        {own && <Verdict message_id={message.message_id} />}
        {own && (ending !== '' || finish_reason === undefined) && <RetryButton message={message} />}
      </p>
    </footer>
  )
}

function Verdict({ message_id }: { message_id: string }): ReactNode {
  const say = useWords()
  const given = useFeedback((all) => all[message_id])
  return (['up', 'down'] as const).map((rating) => (
    <button
      key={rating}
      type="button"
      className={given === rating ? 'plain icon-only given' : 'plain icon-only'}
      aria-pressed={given === rating}
      aria-label={say.rating[rating]}
      title={say.rating[rating]}
      onClick={() => ask({ kind: 'feedback', message_id, rating })}
    >
      <Icon name={rating} />
    </button>
  ))
}

export function RetryButton({ message }: { message: Message }): ReactNode {
  const say = useWords()
  const [busy, setBusy] = useState(false)
  const act = () => {
    setBusy(true)
    retry(message).catch((error: unknown) => {
      setBusy(false)
      toast(say.trouble[troubleOf(error)].what, 'bad')
    })
  }
  return (
    <button type="button" className="retry" disabled={busy} onClick={act}>
      <Icon name="retry" /> {say.ask_again}
    </button>
  )
}
