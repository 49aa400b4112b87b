import type { User } from '@engineer-chat/protocol'
import { lazy, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { closeDialog, useView } from '../../state/page/view.ts'
import { Icon } from '../parts/icon.tsx'
import { LazyPart } from '../parts/lazy-part.tsx'
import { Skeleton } from '../parts/skeleton.tsx'

const loadContent = () => import('./dialog-content.tsx')
const DialogContent = lazy(loadContent)

const LOAD_AFTER_MS = 1_000

/**
 * Loads the dialogs one second after the page was first shown. They then open without a delay, even if the server is
 * unreachable.
 */
function schedulePreload(): () => void {
  const timer = setTimeout(() => void loadContent().catch(() => undefined), LOAD_AFTER_MS)
  return () => clearTimeout(timer)
}

/**
 * Returns the focus to the opener. The browser does so only after Esc, and not when the dialog is removed from the
 * page.
 */
function returnFocus(opener: Element | null): void {
  if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus({ preventScroll: true })
}

export function Dialogs({ user }: { user: User }): ReactNode {
  const t = useMessages()
  const dialog = useView((view) => view.dialog)
  const frame = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    if (!dialog) return undefined
    const opener = document.activeElement
    frame.current?.showModal() // This must run before the effect of the content, which focuses a field.
    return () => returnFocus(opener)
  }, [dialog])
  useEffect(schedulePreload, [])
  if (!dialog) return null
  // The browser sends `close` some time after Esc. Until then another dialog may have been opened.
  const onClose = () => {
    if (!frame.current?.open) closeDialog()
  }
  return (
    <dialog ref={frame} className="dialog" aria-label={t.dialog[dialog.kind]} onClose={onClose}>
      <header>
        <h2>{t.dialog[dialog.kind]}</h2>
        <button type="button" className="plain icon-only" aria-label={t.close} onClick={closeDialog}>
          <Icon name="close" />
        </button>
      </header>
      <LazyPart fallback={<Skeleton rows={4} />}>
        <DialogContent dialog={dialog} user={user} />
      </LazyPart>
    </dialog>
  )
}
