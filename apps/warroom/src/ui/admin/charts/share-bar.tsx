import type { ReactNode } from 'react'
import { placeMark } from './scale.ts'
import type { Tone } from './series.ts'

/** These widths are in percent of the bar's width. */
const MIN_SPAN_WIDTH_PERCENT = 0.5
const END_MARK_WIDTH_PERCENT = 1.6

/** Draws parts of a whole as one bar. A part with the value `total` would fill the width. */
export function ShareBar({
  parts,
  total,
}: {
  parts: readonly { tone: Tone; value: number }[]
  total: number
}): ReactNode {
  const shapes: ReactNode[] = []
  let sum = 0
  for (const { tone, value } of parts) {
    const startPercent = (sum / total) * 100
    const widthPercent = (value / total) * 100
    shapes.push(<rect key={tone} className={`fill ${tone}`} x={startPercent} width={widthPercent} height="10" />)
    sum += value
  }
  return (
    <svg className="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" width="100" height="10" />
      {shapes}
    </svg>
  )
}

/** Draws the span between two values on a scale from 0 to `total`, with a mark at each end. */
export function SpanBar({ from, to, total }: { from: number; to: number; total: number }): ReactNode {
  const startPercent = (from / total) * 100
  const endPercent = (to / total) * 100
  return (
    <svg className="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" width="100" height="10" />
      <rect
        className="fill idle"
        x={startPercent}
        width={Math.max(MIN_SPAN_WIDTH_PERCENT, endPercent - startPercent)}
        y="3"
        height="4"
      />
      <rect
        className="fill first"
        x={placeMark(startPercent, END_MARK_WIDTH_PERCENT)}
        width={END_MARK_WIDTH_PERCENT}
        height="10"
      />
      <rect
        className="fill second"
        x={placeMark(endPercent, END_MARK_WIDTH_PERCENT)}
        width={END_MARK_WIDTH_PERCENT}
        height="10"
      />
    </svg>
  )
}
