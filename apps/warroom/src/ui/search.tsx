import { type ReactNode, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { loadOlder, useRoom } from '../state/rooms.ts'
import { go, messageHash } from '../state/route.ts'
import { show } from '../state/view.ts'
import { focused } from './focus.ts'
import { Icon } from './icon.tsx'

const SHOWN = 50

/** In what is loaded; older pages are fetched when somebody asks for them. */
export function Search({ event_id }: { event_id: string }): ReactNode {
  const say = useWords()
  const messages = useRoom(event_id, (room) => room.messages)
  const has_more = useRoom(event_id, (room) => room.has_more)
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const wanted = text.trim().toLowerCase()
  const found =
    wanted === '' ? [] : messages.filter((one) => one.message_content.content.toLowerCase().includes(wanted)).reverse()
  const older = () => {
    setBusy(true)
    void loadOlder(event_id)
      .catch(() => {})
      .finally(() => setBusy(false))
  }
  return (
    <search className="search" onKeyDown={(event) => event.key === 'Escape' && show({ search: false })}>
      <label className="filter">
        <Icon name="search" />
        <input
          type="search"
          ref={focused}
          aria-label={say.search}
          placeholder={say.search}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <p className="quiet" role="status">
        {wanted === '' ? say.search_in(messages.length) : say.found(found.length, messages.length)}
        {has_more && (
          <button type="button" className="plain" disabled={busy} onClick={older}>
            {busy ? say.loading : say.load_older}
          </button>
        )}
      </p>
      <ul>
        {found.slice(0, SHOWN).map((message) => (
          <li key={message.message_id}>
            <button type="button" className="plain" onClick={() => go(messageHash(event_id, message.message_id))}>
              <Excerpt text={message.message_content.content} wanted={wanted} />
            </button>
          </li>
        ))}
      </ul>
    </search>
  )
}

function Excerpt({ text, wanted }: { text: string; wanted: string }): ReactNode {
  const at = text.toLowerCase().indexOf(wanted)
  const from = Math.max(0, at - 30)
  return (
    <>
      {from > 0 && '…'}
      {text.slice(from, at)}
      <mark>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length, at + wanted.length + 60)}
    </>
  )
}
