import type { ReactNode } from 'react'
import { useSettings } from '../state/settings.ts'
import { exactTime, timeOfDay } from '../text/time.ts'

export function Time({ at }: { at: string }): ReactNode {
  const { language, clock } = useSettings()
  return (
    <time dateTime={at} title={exactTime(at)}>
      {timeOfDay(at, language, clock)}
      {clock === 'utc' && <span className="zone"> UTC</span>}
    </time>
  )
}
