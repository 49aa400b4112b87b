import { type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { Bars, type Frame, Lines } from './plot-shapes.tsx'
import { chooseLabels } from './scale.ts'
import type { Series } from './series.ts'
import { Swatch } from './swatch.tsx'
import { useWidth } from './use-width.ts'

const [LEFT, RIGHT, TOP, BOTTOM] = [52, 10, 10, 24]
const LABEL_WIDTH_PX = 64

export interface PlotProps {
  kind: 'bars' | 'lines'
  series: readonly Series[]
  /** Each value has its day, formatted in the reader's language. */
  days: readonly string[]
  ticks: readonly number[]
  format(value: number): string
  /** Replaces a value that is missing. */
  missingText: string
  /** Labels the slider that moves through the days. */
  label: string
  /** The height is in pixels. */
  height?: number
}

/** Draws the values of days. Pointing, touching or the arrow keys choose a day, whose values are shown and read out. */
export function Plot({ kind, series, days, ticks, format, missingText, label, height = 176 }: PlotProps): ReactNode {
  const frameRef = useRef<HTMLDivElement>(null)
  const width = useWidth(frameRef)
  const [day, setDay] = useState<number | null>(null)
  const plotWidth = Math.max(0, width - LEFT - RIGHT)
  const band = plotWidth / Math.max(1, days.length)
  const maxValue = ticks.at(-1) ?? 1
  const frame: Frame = {
    band,
    x: (index) => LEFT + band * (index + 0.5),
    y: (value) => height - BOTTOM - (value / maxValue) * (height - TOP - BOTTOM),
  }
  const chooseDay = ({ currentTarget, clientX }: PointerEvent) => {
    const index = Math.floor((clientX - currentTarget.getBoundingClientRect().left - LEFT) / band)
    setDay(Math.min(days.length - 1, Math.max(0, index)))
  }
  const last = days.length - 1
  const describeDay = (index: number) =>
    [days[index], ...series.map(({ label, values }) => `${label}: ${formatValue(values[index])}`)].join('; ')
  const formatValue = (value: number | null | undefined) => (value == null ? missingText : format(value))
  return (
    <div className="plot" ref={frameRef} onPointerMove={chooseDay} onPointerLeave={() => setDay(null)}>
      <svg width={width} height={height} aria-hidden="true">
        <Axes {...{ ticks, days, frame, width, height, format }} />
        {day !== null && (
          <rect className="cursor" x={frame.x(day) - band / 2} y={TOP} width={band} height={height - TOP - BOTTOM} />
        )}
        {kind === 'bars' ? <Bars series={series} frame={frame} /> : <Lines series={series} frame={frame} />}
      </svg>
      <input
        type="range"
        className="day-slider"
        min={0}
        max={last}
        value={day ?? last}
        aria-label={label}
        aria-valuetext={describeDay(day ?? last)}
        onFocus={() => setDay(day ?? last)}
        onBlur={() => setDay(null)}
        onChange={({ target }) => setDay(Number(target.value))}
      />
      {day !== null && <Tip {...{ kind, series, title: days[day], day, x: frame.x(day), width, formatValue }} />}
    </div>
  )
}

interface AxesProps extends Pick<PlotProps, 'ticks' | 'days' | 'format'> {
  frame: Frame
  width: number
  height: number
}

function Axes({ ticks, days, frame, width, height, format }: AxesProps): ReactNode {
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <path className="grid" d={`M${LEFT} ${frame.y(tick)}H${width - RIGHT}`} />
          <text className="axis" x={LEFT - 8} y={frame.y(tick)} dy="0.35em" textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {chooseLabels(days.length, Math.max(0, width - LEFT - RIGHT), LABEL_WIDTH_PX).map((index) => (
        <text
          key={index}
          className="axis"
          x={Math.min(frame.x(index), width - RIGHT - 18)}
          y={height - 6}
          textAnchor="middle"
        >
          {days[index]}
        </text>
      ))}
    </>
  )
}

interface TipProps extends Pick<PlotProps, 'kind' | 'series'> {
  title: string | undefined
  day: number
  x: number
  width: number
  formatValue(value: number | null | undefined): string
}

/** Shows the values of a day to the eye only; the slider's text says the same. */
function Tip({ kind, series, title, day, x, width, formatValue }: TipProps): ReactNode {
  return (
    <div className="tip" aria-hidden="true" style={placeTip(x, width)}>
      <strong>{title}</strong>
      {series.map(({ key, label, tone, values }) => (
        <span key={key}>
          <Swatch tone={tone} kind={kind} /> {label} <b>{formatValue(values[day])}</b>
        </span>
      ))}
    </div>
  )
}

/** Puts the tip on the side of the day that has more room. */
const placeTip = (x: number, width: number) => (x > width / 2 ? { right: width - x + 12 } : { left: x + 12 })
