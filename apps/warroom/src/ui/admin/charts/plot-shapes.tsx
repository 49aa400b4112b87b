import type { ReactNode } from 'react'
import { findRuns } from './scale.ts'
import type { Series, Tone } from './series.ts'

/** Converts the index of a day and a value to pixels. */
export interface Frame {
  x(index: number): number
  y(value: number): number
  /** Is the width of one day in pixels. */
  band: number
}

const GAP_PX = 1.5
const MAX_BAR_PX = 30
/** A line of more days has no marks at its points, because the marks would hide the line. */
const MAX_MARKED_DAYS = 45

/** Stacks the series, the first at the bottom; a bad one is hatched as well. */
export function Bars({ series, frame }: { series: readonly Series[]; frame: Frame }): ReactNode {
  const { x, y, band } = frame
  const width = Math.max(1.5, Math.min(MAX_BAR_PX, band * 0.7))
  const days = series[0]?.values.length ?? 0
  const bars: ReactNode[] = []
  for (let day = 0; day < days; day += 1) {
    let sum = 0
    for (const { key, tone, values } of series) {
      const value = values[day] ?? 0
      if (value === 0) continue
      const [bottom, top] = [y(sum) - (sum > 0 ? GAP_PX : 0), y(sum + value)]
      const box = { x: x(day) - width / 2, y: Math.min(top, bottom - 1), width, height: Math.max(1, bottom - top) }
      bars.push(<rect key={`${day} ${key}`} className={`fill ${tone}`} {...box} />)
      if (tone === 'bad') bars.push(<rect key={`${day} ${key} hatch`} fill="url(#hatch)" {...box} />)
      sum += value
    }
  }
  return bars
}

/** Draws one line for each series; days without a value break it. */
export function Lines({ series, frame }: { series: readonly Series[]; frame: Frame }): ReactNode {
  return series.map(({ key, tone, values }) => (
    <g key={key}>
      {findRuns(values).map((days) => (
        <path key={days[0]} className={`line ${tone}`} d={toPath(days, values, frame)} />
      ))}
      {values.map((value, day) => {
        const isAlone = values[day - 1] == null && values[day + 1] == null
        if (value === null || (values.length > MAX_MARKED_DAYS && !isAlone)) return null
        return <PointShape key={day} tone={tone} x={frame.x(day)} y={frame.y(value)} />
      })}
    </g>
  ))
}

function toPath(days: number[], values: Series['values'], { x, y }: Frame): string {
  return days
    .map((day, index) => `${index === 0 ? 'M' : 'L'}${x(day).toFixed(1)} ${y(values[day] ?? 0).toFixed(1)}`)
    .join('')
}

export function PointShape({ tone, x, y }: { tone: Tone; x: number; y: number }): ReactNode {
  const radius = 2.6
  if (tone === 'first') return <circle className={`fill ${tone}`} cx={x} cy={y} r={radius} />
  return <rect className={`fill ${tone}`} x={x - radius} y={y - radius} width={2 * radius} height={2 * radius} />
}

/** Defines the hatch of bad values in the page's own colour; a page needs it once. */
export function HatchPattern(): ReactNode {
  return (
    <svg className="unseen" width="0" height="0" aria-hidden="true">
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="hatch" width="1.6" height="5" />
      </pattern>
    </svg>
  )
}
