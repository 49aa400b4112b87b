import { type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { Bars, Lines, type PlotScale } from './plot-shapes.tsx'
import { chooseLabelIndexes } from './scale.ts'
import type { Series } from './series.ts'
import { Swatch } from './swatch.tsx'
import { useWidth } from './use-width.ts'

const MARGIN_PX = { left: 52, right: 10, top: 10, bottom: 24 }
const DAY_LABEL_WIDTH_PX = 64
/** Separates the label of a tick from the left end of its line. */
const TICK_LABEL_GAP_PX = 8
/** Moves the label of a tick down from its baseline, so that its middle is at the line. */
const TICK_LABEL_SHIFT = '0.35em'
/** Separates the baseline of the day labels from the lower edge. */
const DAY_LABEL_BASELINE_PX = 6
/** The centre of a day label has at least this distance from the right end of the lines, so that it is not cut off. */
const LAST_LABEL_INSET_PX = 18
/** Separates the tooltip from the centre of the chosen day. */
const TOOLTIP_GAP_PX = 12

export interface PlotProps {
  kind: 'bars' | 'lines'
  series: readonly Series[]
  /** Holds the label of each day in the reader's language. A series has its value of a day at the same index. */
  days: readonly string[]
  ticks: readonly number[]
  format(value: number): string
  /** Replaces a value that is missing. */
  missingText: string
  /** Labels the slider that moves through the days. */
  label: string
  /** Sets the height in pixels. */
  height?: number
}

/**
 * Draws the values of days. The pointer or the arrow keys choose a day. A tooltip shows the values of that day, and
 * screen readers read the same values as the text of the slider.
 */
export function Plot({ kind, series, days, ticks, format, missingText, label, height = 176 }: PlotProps): ReactNode {
  const plotRef = useRef<HTMLDivElement>(null)
  const width = useWidth(plotRef)
  const [chosenIndex, setChosenIndex] = useState<number | null>(null)
  const scale = createScale({ width, height, dayCount: days.length, maxValue: ticks.at(-1) ?? 1 })
  const { dayWidthPx } = scale
  const chooseDay = ({ currentTarget, clientX }: PointerEvent) => {
    const index = Math.floor((clientX - currentTarget.getBoundingClientRect().left - MARGIN_PX.left) / dayWidthPx)
    setChosenIndex(Math.min(days.length - 1, Math.max(0, index)))
  }
  const lastIndex = days.length - 1
  const formatValue = (value: number | null | undefined) => (value == null ? missingText : format(value))
  const describeDay = (index: number) =>
    [days[index], ...series.map(({ label, values }) => `${label}: ${formatValue(values[index])}`)].join('; ')
  return (
    <div className="plot" ref={plotRef} onPointerMove={chooseDay} onPointerLeave={() => setChosenIndex(null)}>
      <svg width={width} height={height} aria-hidden="true">
        <Axes ticks={ticks} days={days} scale={scale} width={width} height={height} format={format} />
        {chosenIndex !== null && (
          <rect
            className="cursor"
            x={scale.toX(chosenIndex) - dayWidthPx / 2}
            y={MARGIN_PX.top}
            width={dayWidthPx}
            height={getPlotHeightPx(height)}
          />
        )}
        {kind === 'bars' ? <Bars series={series} scale={scale} /> : <Lines series={series} scale={scale} />}
      </svg>
      <input
        type="range"
        className="day-slider"
        min={0}
        max={lastIndex}
        value={chosenIndex ?? lastIndex}
        aria-label={label}
        aria-valuetext={describeDay(chosenIndex ?? lastIndex)}
        onFocus={() => setChosenIndex(chosenIndex ?? lastIndex)}
        onBlur={() => setChosenIndex(null)}
        onChange={({ target }) => setChosenIndex(Number(target.value))}
      />
      {chosenIndex !== null && (
        <DayTooltip
          kind={kind}
          series={series}
          title={days[chosenIndex]}
          dayIndex={chosenIndex}
          x={scale.toX(chosenIndex)}
          width={width}
          formatValue={formatValue}
        />
      )}
    </div>
  )
}

const getPlotWidthPx = (width: number): number => Math.max(0, width - MARGIN_PX.left - MARGIN_PX.right)

const getPlotHeightPx = (height: number): number => height - MARGIN_PX.top - MARGIN_PX.bottom

function createScale(options: { width: number; height: number; dayCount: number; maxValue: number }): PlotScale {
  const { width, height, dayCount, maxValue } = options
  const dayWidthPx = getPlotWidthPx(width) / Math.max(1, dayCount)
  return {
    dayWidthPx,
    toX: (dayIndex) => MARGIN_PX.left + dayWidthPx * (dayIndex + 0.5), // The middle of the day.
    toY: (value) => height - MARGIN_PX.bottom - (value / maxValue) * getPlotHeightPx(height),
  }
}

interface AxesProps extends Pick<PlotProps, 'ticks' | 'days' | 'format'> {
  scale: PlotScale
  width: number
  height: number
}

function Axes({ ticks, days, scale, width, height, format }: AxesProps): ReactNode {
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <path className="grid" d={`M${MARGIN_PX.left} ${scale.toY(tick)}H${width - MARGIN_PX.right}`} />
          <text
            className="axis"
            x={MARGIN_PX.left - TICK_LABEL_GAP_PX}
            y={scale.toY(tick)}
            dy={TICK_LABEL_SHIFT}
            textAnchor="end"
          >
            {format(tick)}
          </text>
        </g>
      ))}
      {chooseLabelIndexes(days.length, getPlotWidthPx(width), DAY_LABEL_WIDTH_PX).map((index) => (
        <text
          key={index}
          className="axis"
          x={Math.min(scale.toX(index), width - MARGIN_PX.right - LAST_LABEL_INSET_PX)}
          y={height - DAY_LABEL_BASELINE_PX}
          textAnchor="middle"
        >
          {days[index]}
        </text>
      ))}
    </>
  )
}

interface DayTooltipProps extends Pick<PlotProps, 'kind' | 'series'> {
  title: string | undefined
  dayIndex: number
  x: number
  width: number
  formatValue(value: number | null | undefined): string
}

/** Shows the values of a day. It is hidden from screen readers, which read the slider's text instead. */
function DayTooltip({ kind, series, title, dayIndex, x, width, formatValue }: DayTooltipProps): ReactNode {
  return (
    <div className="tip" aria-hidden="true" style={placeTooltip(x, width)}>
      <strong>{title}</strong>
      {series.map(({ key, label, tone, values }) => (
        <span key={key}>
          <Swatch tone={tone} kind={kind} /> {label} <b>{formatValue(values[dayIndex])}</b>
        </span>
      ))}
    </div>
  )
}

/** Puts the tooltip on the side of the day that has more space. */
const placeTooltip = (x: number, width: number) =>
  x > width / 2 ? { right: width - x + TOOLTIP_GAP_PX } : { left: x + TOOLTIP_GAP_PX }
