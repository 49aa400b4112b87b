import type { ReactNode } from 'react'
import { useSettings } from '../../state/page/settings.ts'
import { formatDayAndTime, formatExactTime, formatTimeOfDay } from '../../text/time.ts'

/** Shows a time of day. `showsDay` adds the day, for places without a line that separates the days. */
export function Time({ at, showsDay = false }: { at: string; showsDay?: boolean }): ReactNode {
  const { language, clock } = useSettings()
  return (
    <time dateTime={at} title={formatExactTime(at)}>
      {showsDay ? formatDayAndTime(at, language, clock) : formatTimeOfDay(at, language, clock)}
      {clock === 'utc' && <span className="zone"> UTC</span>}
    </time>
  )
}
