import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toMessageHash } from '../../state/page/route.ts'
import { openDialog } from '../../state/page/view.ts'
import { copyText } from '../parts/copy-text.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { usePopoverMenu } from '../parts/menu.ts'

interface Action {
  icon: IconName
  label: string
  run(): void
}

const getFirstIndex = (): number => 0

/** Opens a menu of the actions that are needed less often. Each action has an icon and its name. */
export function MoreActions({ message, canShare }: { message: Message; canShare: boolean }): ReactNode {
  const t = useMessages()
  const { isOpen, close, button, menu } = usePopoverMenu(getFirstIndex)
  return (
    <>
      <button
        {...button}
        type="button"
        className="plain icon-only"
        aria-haspopup="menu"
        aria-label={t.more_actions}
        title={t.more_actions}
      >
        <Icon name="more" />
      </button>
      <div {...menu} popover="auto" role="menu" aria-label={t.more_actions} className="menu choices">
        {isOpen &&
          listActions(message, canShare, t).map(({ icon, label, run }) => (
            <button
              key={label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="plain"
              onClick={() => {
                close()
                run()
              }}
            >
              <Icon name={icon} /> <span>{label}</span>
            </button>
          ))}
      </div>
    </>
  )
}

function listActions(message: Message, canShare: boolean, t: ReturnType<typeof useMessages>): Action[] {
  const { event_id, message_id, chat_session_id: session_id } = message
  const link = `${location.origin}/${toMessageHash(event_id, message_id)}`
  const actions: Action[] = [
    { icon: 'link', label: t.copy_link, run: () => void copyText(link, t.copied) },
    {
      icon: 'source',
      label: t.source,
      run: () => openDialog({ kind: 'text_to_copy', text: JSON.stringify(message, null, 2) }),
    },
  ]
  if (canShare && session_id !== null) {
    actions.push({
      icon: 'room',
      label: t.share_session,
      run: () => openDialog({ kind: 'share', event_id, session_id }),
    })
  }
  return actions
}
