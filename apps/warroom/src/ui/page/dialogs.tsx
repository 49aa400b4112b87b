import type { User } from '@engineer-chat/protocol'
import { lazy, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { closeDialog, useView } from '../../state/page/view.ts'
import { Icon } from '../parts/icon.tsx'
import { Lazily } from '../parts/lazily.tsx'
import { Skeleton } from '../parts/skeleton.tsx'

const loadContent = () => import('./dialog-content.tsx')
const DialogContent = lazy(loadContent)

const LOAD_AFTER_MS = 1_000

/** Loads the dialogs after the first view, so that one opens at once later, also while the server is away. */
function loadAfterFirstView(): () => void {
  const timer = setTimeout(() => void loadContent().catch(() => undefined), LOAD_AFTER_MS)
  return () => clearTimeout(timer)
}

/** The browser does so for Esc alone: a dialog that is removed from the page takes the focus with it. */
function giveFocusBack(opener: Element | null): void {
  if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus({ preventScroll: true })
}

export function Dialogs({ user }: { user: User }): ReactNode {
  const t = useMessages()
  const dialog = useView((view) => view.dialog)
  const frame = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    if (!dialog) return undefined
    const opener = document.activeElement
    frame.current?.showModal() // Before the content's effect, which moves the focus into it.
    return () => giveFocusBack(opener)
  }, [dialog])
  useEffect(loadAfterFirstView, [])
  if (!dialog) return null
  return (
    <dialog ref={frame} className="dialog" aria-label={t.dialog[dialog.kind]} onClose={closeDialog}>
      <header>
        <h2>{t.dialog[dialog.kind]}</h2>
        <button type="button" className="plain icon-only" aria-label={t.close} onClick={closeDialog}>
          <Icon name="close" />
        </button>
      </header>
      <Lazily fallback={<Skeleton rows={4} />}>
        <DialogContent dialog={dialog} user={user} />
      </Lazily>
    </dialog>
  )
}
