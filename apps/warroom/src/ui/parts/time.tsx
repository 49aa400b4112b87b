import type { ReactNode } from 'react'
import { useSettings } from '../../state/page/settings.ts'
import { dayAndTime, exactTime, timeOfDay } from '../../text/time.ts'

/** `dated`: where no day separator says which day it is. */
export function Time({ at, dated = false }: { at: string; dated?: boolean }): ReactNode {
  const { language, clock } = useSettings()
  return (
    <time dateTime={at} title={exactTime(at)}>
      {dated ? dayAndTime(at, language, clock) : timeOfDay(at, language, clock)}
      {clock === 'utc' && <span className="zone"> UTC</span>}
    </time>
  )
}
