import type { FormEvent, ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { sendFeedback } from '../../state/replying/feedback.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { useAction } from './use-action.ts'

/** The server refuses a longer comment. */
const MAX_COMMENT_CHARACTERS = 2_000

export function FeedbackDialog({ message_id, rating }: { message_id: string; rating: 'up' | 'down' }): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const comment = `${new FormData(event.currentTarget).get('comment') ?? ''}`.trim()
    run(() => sendFeedback(message_id, comment === '' ? { rating } : { rating, comment }))
  }
  return (
    <form className="content" onSubmit={submit}>
      <p>{t.rating[rating]}</p>
      <label>
        {t.comment}
        <textarea name="comment" rows={3} maxLength={MAX_COMMENT_CHARACTERS} />
      </label>
      <ErrorText text={errorText} />
      <p className="button-row">
        <button type="submit" className="primary" disabled={isBusy}>
          {t.send_rating}
        </button>
      </p>
    </form>
  )
}
