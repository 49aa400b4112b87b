import type { FormEvent, ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { sendFeedback } from '../../state/replying/feedback.ts'
import { useAct } from './act.ts'

export function FeedbackDialog({ message_id, rating }: { message_id: string; rating: 'up' | 'down' }): ReactNode {
  const t = useMessages()
  const { busy, problem, act } = useAct()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const comment = `${new FormData(event.currentTarget).get('comment') ?? ''}`.trim()
    act(() => sendFeedback(message_id, comment === '' ? { rating } : { rating, comment }))
  }
  return (
    <form className="content" onSubmit={submit}>
      <p>{t.rating[rating]}</p>
      <label>
        {t.comment}
        <textarea name="comment" rows={3} maxLength={2_000} />
      </label>
      {problem !== '' && <p className="problem">{problem}</p>}
      <p className="ways">
        <button type="submit" className="primary" disabled={busy}>
          {t.give_verdict}
        </button>
      </p>
    </form>
  )
}
