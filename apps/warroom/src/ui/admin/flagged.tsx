import type { FlaggedReplyFilter } from '@engineer-chat/protocol'
import { type ReactNode, useEffect } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { loadFlagged, loadMoreFlagged, useFlagged } from '../../state/admin/flagged.ts'
import { useAction } from '../dialogs/use-action.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { ErrorNote } from './error-note.tsx'
import { FlaggedItem } from './flagged-item.tsx'

/** Lists answers in which the output filter found something. An administrator gives a verdict on each. */
export function FlaggedPage(): ReactNode {
  const messages = useMessages()
  const t = useAdminMessages()
  const { filter, replies, nextCursor, errorKind } = useFlagged()
  const { isBusy, errorText, run } = useAction()
  // Each load has its own filter object, because `loadFlagged` ignores the response to an earlier object.
  const reload = () => void loadFlagged({ ...filter })
  useEffect(reload, [])
  const isFiltered = filter.verdict !== undefined || filter.kind !== undefined
  return (
    <div className="flagged" aria-busy={replies === null}>
      <p className="quiet what">{t.flagged_hint}</p>
      <FlaggedFilters filter={filter} />
      <ErrorNote errorKind={errorKind} reload={reload} />
      {replies?.length === 0 && errorKind === null && (
        <p className="quiet">{isFiltered ? t.no_flagged_match : t.no_flagged}</p>
      )}
      <ul className="flagged-list">
        {replies?.map((reply) => (
          <FlaggedItem key={reply.message_id} reply={reply} />
        ))}
      </ul>
      <ErrorText text={errorText} />
      {nextCursor !== null && (
        <button type="button" disabled={isBusy} onClick={() => run(loadMoreFlagged)}>
          {messages.load_more}
        </button>
      )}
    </div>
  )
}

function FlaggedFilters({ filter }: { filter: FlaggedReplyFilter }): ReactNode {
  const t = useAdminMessages()
  const changeFilter = (name: keyof FlaggedReplyFilter, value: string) => {
    const { [name]: _previous, ...otherFilters } = filter
    void loadFlagged(value === '' ? otherFilters : { ...otherFilters, [name]: value })
  }
  return (
    <div className="choices">
      <label>
        {t.filter_verdict}
        <select value={filter.verdict ?? ''} onChange={({ target }) => changeFilter('verdict', target.value)}>
          <option value="">{t.any}</option>
          {Object.entries(t.verdict).map(([verdict, text]) => (
            <option key={verdict} value={verdict}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.filter_kind}
        <select value={filter.kind ?? ''} onChange={({ target }) => changeFilter('kind', target.value)}>
          <option value="">{t.any}</option>
          {Object.entries(t.finding_kind).map(([kind, text]) => (
            <option key={kind} value={kind}>
              {text}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
