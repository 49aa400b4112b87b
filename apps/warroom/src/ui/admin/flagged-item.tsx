import type { FlaggedReply, Verdict } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useId } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { judgeFlagged } from '../../state/admin/flagged.ts'
import { toMessageHash } from '../../state/page/route.ts'
import { toShortId } from '../../state/people/short-id.ts'
import { useAction } from '../dialogs/use-action.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { Icon } from '../parts/icon.tsx'
import { useFormats } from './format.ts'

/** The server refuses a longer note. */
const MAX_NOTE_CHARACTERS = 2_000

const VERDICTS: readonly Verdict[] = ['harmless', 'wrong', 'harmful']

export function FlaggedItem({ reply }: { reply: FlaggedReply }): ReactNode {
  const t = useAdminMessages()
  const { formatTime } = useFormats()
  const { message_id, event_id, created_at, model, verdict, visibility } = reply
  const isPrivate = visibility === 'private'
  return (
    <li className={`flagged-item ${verdict ?? 'open'}`}>
      <p className="meta">
        <strong>{formatTime(created_at)}</strong>
        {model && <span>{model}</span>}
        <span>
          <Icon name={isPrivate ? 'lock' : 'room'} /> {isPrivate ? t.private : t.shared}
        </span>
        {!isPrivate && <a href={toMessageHash(event_id, message_id)}>{t.event_link}</a>}
        <span className={`judged ${verdict ?? 'open'}`}>{t.verdict[verdict ?? 'none']}</span>
      </p>
      <Findings reply={reply} />
      <ReplyText reply={reply} />
      <VerdictForm reply={reply} />
    </li>
  )
}

/** Shows what the filter found. Examples are plain text in a separate box, because their text may be hostile. */
function Findings({ reply }: { reply: FlaggedReply }): ReactNode {
  const t = useAdminMessages()
  return (
    <ul className="hits">
      {reply.hits.map(({ kind, count, examples, in_reasoning }) => (
        <li key={in_reasoning ? `${kind} in reasoning` : kind}>
          <span className="hit">
            {t.finding_kind[kind]} <b>{t.occurrence_count(count)}</b> {in_reasoning && t.in_reasoning}
          </span>
          {examples.map((example) => (
            <code key={example}>{example}</code>
          ))}
        </li>
      ))}
    </ul>
  )
}

function ReplyText({ reply: { text, visibility } }: { reply: FlaggedReply }): ReactNode {
  const t = useAdminMessages()
  if (text === null) return <p className="quiet">{visibility === 'private' ? t.text_private : t.text_replaced}</p>
  return (
    <details>
      <summary>{t.text_of_answer}</summary>
      <p className="text source" tabIndex={0}>
        {text}
      </p>
    </details>
  )
}

/** Takes the verdict from the button that submits the form. */
function VerdictForm({ reply }: { reply: FlaggedReply }): ReactNode {
  const t = useAdminMessages()
  const { formatTime } = useFormats()
  const { isBusy, errorText, run } = useAction()
  const noteId = useId()
  const { message_id, verdict, reviewed_by, reviewed_at } = reply
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const submitter = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null
    const chosenVerdict = VERDICTS.find((option) => submitter?.getAttribute('value') === option)
    const note = `${new FormData(event.currentTarget).get('note') ?? ''}`.trim()
    if (!chosenVerdict) return
    run(() => judgeFlagged(message_id, { verdict: chosenVerdict, ...(note !== '' && { note }) }))
  }
  return (
    <form className="judge" onSubmit={submit}>
      <label htmlFor={noteId} className="unseen">
        {t.note}
      </label>
      <input
        id={noteId}
        name="note"
        maxLength={MAX_NOTE_CHARACTERS}
        placeholder={t.note}
        defaultValue={reply.note ?? ''}
      />
      {VERDICTS.map((option) => (
        <button key={option} type="submit" value={option} disabled={isBusy} aria-pressed={option === verdict}>
          {t.verdict[option]}
        </button>
      ))}
      {/* The whole id does not fit, so only the tooltip shows it. */}
      {reviewed_by !== null && reviewed_at !== null && (
        <span className="quiet" title={reviewed_by}>
          {t.judged_by} {toShortId(reviewed_by)}, {formatTime(reviewed_at)}
        </span>
      )}
      <ErrorText text={errorText} />
    </form>
  )
}
