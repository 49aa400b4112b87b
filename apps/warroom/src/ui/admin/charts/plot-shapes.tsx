import type { ReactNode } from 'react'
import { findRuns } from './scale.ts'
import type { Series, Tone } from './series.ts'

/** Converts the index of a day, and a value, to positions in pixels. */
export interface PlotScale {
  toX(dayIndex: number): number
  toY(value: number): number
  /** Holds the width of one day in pixels. */
  dayWidthPx: number
}

/** The gap between two parts of a stacked bar has this height. */
const PART_GAP_PX = 1.5
/** Every part of a bar has at least this height, because a smaller part could not be seen. */
const MIN_PART_HEIGHT_PX = 1
/** A bar has this share of its day's width. The rest separates it from the bars beside it. */
const BAR_SHARE_OF_DAY = 0.7
const MIN_BAR_WIDTH_PX = 1.5
const MAX_BAR_WIDTH_PX = 30
const POINT_RADIUS_PX = 2.6
/** A line with more days has no marks at its points, because the marks would cover the line. */
const MAX_MARKED_DAYS = 45

/** Draws stacked bars, with the first series at the bottom. A series of the tone `bad` also gets a hatch. */
export function Bars({ series, scale }: { series: readonly Series[]; scale: PlotScale }): ReactNode {
  const { toX, toY, dayWidthPx } = scale
  const barWidthPx = Math.max(MIN_BAR_WIDTH_PX, Math.min(MAX_BAR_WIDTH_PX, dayWidthPx * BAR_SHARE_OF_DAY))
  const dayCount = series[0]?.values.length ?? 0
  const bars: ReactNode[] = []
  for (let dayIndex = 0; dayIndex < dayCount; dayIndex += 1) {
    let sum = 0
    for (const { key, tone, values } of series) {
      const value = values[dayIndex] ?? 0
      if (value === 0) continue
      const bottomPx = toY(sum) - (sum > 0 ? PART_GAP_PX : 0)
      const heightPx = Math.max(MIN_PART_HEIGHT_PX, bottomPx - toY(sum + value))
      const rect = { x: toX(dayIndex) - barWidthPx / 2, y: bottomPx - heightPx, width: barWidthPx, height: heightPx }
      bars.push(<rect key={`${dayIndex} ${key}`} className={`fill ${tone}`} {...rect} />)
      if (tone === 'bad') bars.push(<rect key={`${dayIndex} ${key} hatch`} fill="url(#hatch)" {...rect} />)
      sum += value
    }
  }
  return bars
}

/** Draws one line for each series. A day without a value interrupts the line. */
export function Lines({ series, scale }: { series: readonly Series[]; scale: PlotScale }): ReactNode {
  return series.map(({ key, tone, values }) => (
    <g key={key}>
      {findRuns(values).map((dayIndexes) => (
        <path key={dayIndexes[0]} className={`line ${tone}`} d={toPath(dayIndexes, values, scale)} />
      ))}
      {values.map((value, dayIndex) => {
        // A value between two gaps always has a mark, because no line leads to it.
        const isAlone = values[dayIndex - 1] == null && values[dayIndex + 1] == null
        if (value === null || (values.length > MAX_MARKED_DAYS && !isAlone)) return null
        return <PointShape key={dayIndex} tone={tone} x={scale.toX(dayIndex)} y={scale.toY(value)} />
      })}
    </g>
  ))
}

/** Returns the path of a line through the points of the days. `M` moves to the first point, `L` draws to the next. */
function toPath(dayIndexes: number[], values: Series['values'], { toX, toY }: PlotScale): string {
  return dayIndexes
    .map((dayIndex, order) => {
      const command = order === 0 ? 'M' : 'L'
      return `${command}${toX(dayIndex).toFixed(1)} ${toY(values[dayIndex] ?? 0).toFixed(1)}`
    })
    .join('')
}

export function PointShape({ tone, x, y }: { tone: Tone; x: number; y: number }): ReactNode {
  const radius = POINT_RADIUS_PX
  if (tone === 'first') return <circle className={`fill ${tone}`} cx={x} cy={y} r={radius} />
  return <rect className={`fill ${tone}`} x={x - radius} y={y - radius} width={2 * radius} height={2 * radius} />
}

/** Defines the hatch of the tone `bad`. A page contains it once. */
export function HatchPattern(): ReactNode {
  return (
    <svg className="unseen" width="0" height="0" aria-hidden="true">
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="hatch" width="1.6" height="5" />
      </pattern>
    </svg>
  )
}
