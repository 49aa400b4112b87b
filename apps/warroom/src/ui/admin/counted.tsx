import type { Analytics } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { useFormats } from './format.ts'

/** Tells of when the numbers are: of the newest count by a worker. */
export function Counted({ found, what = '' }: { found: Analytics; what?: string }): ReactNode {
  const t = useAdminMessages()
  const { time } = useFormats()
  const last = found.days.at(-1)
  return (
    <p className="quiet counted">
      {what} {last ? t.counted_at(time(last.counted_at)) : t.not_counted}
    </p>
  )
}
