import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { closeDialog } from '../../state/page/view.ts'

/** Offers the two answers to the question whether to sign out. */
export function LeaveOrStay({ leave, busy, act }: { leave: string; busy?: boolean; act(): void }): ReactNode {
  const t = useMessages()
  return (
    <p className="ways">
      <button type="button" className="danger" disabled={busy} onClick={act}>
        {leave}
      </button>
      <button type="button" onClick={closeDialog}>
        {t.stay}
      </button>
    </p>
  )
}
