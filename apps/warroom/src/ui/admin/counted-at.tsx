import type { Analytics } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { useFormats } from './format.ts'

/** Shows when a worker last counted the statistics. */
export function CountedAt({ analytics, note = '' }: { analytics: Analytics; note?: string }): ReactNode {
  const t = useAdminMessages()
  const { formatTime } = useFormats()
  const lastDay = analytics.days.at(-1)
  return (
    <p className="quiet counted">
      {note} {lastDay ? t.counted_at(formatTime(lastDay.counted_at)) : t.not_counted}
    </p>
  )
}
