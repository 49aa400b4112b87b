import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import { troubleOf } from '../../state/page/problems.ts'
import { messageHash } from '../../state/page/route.ts'
import { toast } from '../../state/page/toasts.ts'
import { ask } from '../../state/page/view.ts'
import { pin, unpin } from '../../state/rooms/pins.ts'
import type { Kind } from '../parts/avatar.tsx'
import { IconButton } from '../parts/icon-button.tsx'

/** Out of the way until the message is pointed at, focused, or touched. */
export function Actions({ message, kind, own }: { message: Message; kind: Kind; own: boolean }): ReactNode {
  const say = useWords()
  const { event_id, message_id, chat_session_id, visibility, message_content } = message
  const link = `${location.origin}/${messageHash(event_id, message_id)}`
  const pinning = usePinning(message)
  const canShare = own && kind !== 'agent' && visibility === 'private' && chat_session_id !== null
  return (
    <div className="actions" role="toolbar" aria-label={say.actions}>
      <IconButton
        icon="pin"
        label={message.pinned ? say.unpin : say.pin}
        className={message.pinned ? 'on' : ''}
        act={pinning}
      />
      <IconButton icon="copy" label={say.copy_text} act={() => void copy(message_content.content, say.copied)} />
      <IconButton icon="link" label={say.copy_link} act={() => void copy(link, say.copied)} />
      <IconButton
        icon="source"
        label={say.source}
        act={() => ask({ kind: 'source', json: JSON.stringify(message, null, 2) })}
      />
      {canShare && (
        <IconButton
          icon="room"
          label={say.share_session}
          act={() => ask({ kind: 'share', event_id, session_id: chat_session_id })}
        />
      )}
    </div>
  )
}

/** A private message is shared first: evidence is the same for everybody. */
function usePinning(message: Message): () => void {
  const say = useWords()
  const { event_id, message_id, visibility, chat_session_id, pinned } = message
  return () => {
    if (visibility === 'private' && chat_session_id !== null) {
      ask({ kind: 'share', event_id, session_id: chat_session_id, pin: message_id })
      return
    }
    const acting = pinned ? unpin(message) : pin(message)
    acting.then(
      () => toast(pinned ? say.unpinned : say.pinned, 'good'),
      (error: unknown) => toast(say.trouble[troubleOf(error)].what, 'bad'),
    )
  }
}

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast(done, 'good')
  } catch {
    ask({ kind: 'source', json: text }) // plain http has no clipboard: there it can be taken by hand
  }
}
