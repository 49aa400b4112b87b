import type { ReactNode } from 'react'
import { useSettings } from '../../state/page/settings.ts'
import { formatDayAndTime, formatExactTime, formatTimeOfDay } from '../../text/time.ts'

/** `dated` adds the day, where no day separator shows it. */
export function Time({ at, dated = false }: { at: string; dated?: boolean }): ReactNode {
  const { language, clock } = useSettings()
  return (
    <time dateTime={at} title={formatExactTime(at)}>
      {dated ? formatDayAndTime(at, language, clock) : formatTimeOfDay(at, language, clock)}
      {clock === 'utc' && <span className="zone"> UTC</span>}
    </time>
  )
}
