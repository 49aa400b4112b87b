import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { closeDialog } from '../../state/page/view.ts'

interface Props {
  leave: string
  stay?: string
  busy?: boolean
  act(): void
}

/** Offers the two answers to the question whether to end a sign-in. */
export function LeaveOrStay({ leave, stay, busy, act }: Props): ReactNode {
  const t = useMessages()
  return (
    <p className="ways">
      <button type="button" className="danger" disabled={busy} onClick={act}>
        {leave}
      </button>
      <button type="button" onClick={closeDialog}>
        {stay ?? t.stay}
      </button>
    </p>
  )
}
