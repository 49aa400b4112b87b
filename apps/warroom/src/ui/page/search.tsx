import { markDeceptive } from '@engineer-chat/markdown'
import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { usePeople } from '../../state/events/people.ts'
import { navigate, toMessageHash } from '../../state/page/route.ts'
import { updateView } from '../../state/page/view.ts'
import { searchFor, searchOlder, useSearch } from '../../state/rooms/search.ts'
import { describeEventChange } from '../../text/event-change.ts'
import { cutExcerpt, toPlainLine } from '../../text/excerpt.ts'
import { useSenderName } from '../message/sender.ts'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Time } from '../parts/time.tsx'
import { closeSearch, moveInResults } from './search-focus.ts'

/** The server refuses a longer search text. */
const MAX_SEARCH_CHARACTERS = 200

/** Searches all messages of the room that this reader may see, including messages that the page has not loaded. */
export default function Search({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { text, results, nextBefore, isBusy, errorKind } = useSearch()
  useEffect(() => searchFor(event_id, ''), [event_id])
  const searchText = text.trim()
  const describeStatus = () => {
    if (errorKind) return `${t.errorText[errorKind].cause} `
    return isBusy ? t.searching : t.found(results.length, nextBefore !== null)
  }
  const continueSearch = () => {
    if (!isBusy) void searchOlder()
  }
  return (
    <search
      className="search"
      onKeyDown={(event) => {
        if (moveInResults(event.key, event.currentTarget)) event.preventDefault()
      }}
    >
      <div className="search-box">
        <label className="filter">
          <Icon name="search" />
          <input
            type="search"
            ref={focusElement}
            aria-label={t.search}
            placeholder={t.search_hint}
            maxLength={MAX_SEARCH_CHARACTERS}
            value={text}
            onChange={({ target }) => searchFor(event_id, target.value)}
          />
        </label>
        <IconButton icon="close" label={t.close} onClick={closeSearch} />
      </div>
      {searchText !== '' && (
        <p className="quiet status" role="status">
          {describeStatus()}
          {(nextBefore !== null || errorKind) && (
            // A button with `disabled` would lose the focus while a search runs.
            <button type="button" className="plain" aria-disabled={isBusy} onClick={continueSearch}>
              {errorKind ? t.try_again : t.search_further}
            </button>
          )}
        </p>
      )}
      {results.length > 0 && (
        <ul aria-label={t.search_results}>
          {results.map((message) => (
            <li key={message.message_id}>
              <SearchResult message={message} searchText={searchText} />
            </li>
          ))}
        </ul>
      )}
    </search>
  )
}

function SearchResult({ message, searchText }: { message: Message; searchText: string }): ReactNode {
  const { event_id, message_id, created_at } = message
  const t = useMessages()
  const name = useSenderName(message, usePeople(event_id))
  const openResult = () => {
    navigate(toMessageHash(event_id, message_id))
    // On a narrow screen the search would cover the message.
    if (matchMedia('(max-width: 760px)').matches) updateView({ isSearchOpen: false })
  }
  const { before, match, after } = cutExcerpt(describeEventChange(message, t) ?? toPlainLine(message), searchText)
  return (
    <button type="button" className="plain" onClick={openResult}>
      <span className="meta">
        <strong>{name}</strong> <Time at={created_at} showsDay />
      </span>
      <span className="found-excerpt">
        {markDeceptive(before)}
        <mark>{markDeceptive(match)}</mark>
        {markDeceptive(after)}
      </span>
    </button>
  )
}
