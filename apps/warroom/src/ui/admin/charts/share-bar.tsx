import type { ReactNode } from 'react'
import type { Tone } from './series.ts'

/** Draws parts of a whole as one bar. A part with the value `total` would fill the width. */
export function ShareBar({
  parts,
  total,
}: {
  parts: readonly { tone: Tone; value: number }[]
  total: number
}): ReactNode {
  let sum = 0
  return (
    <svg className="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" width="100" height="10" />
      {parts.map(({ tone, value }) => {
        const [x, width] = [(sum / total) * 100, (value / total) * 100]
        sum += value
        return <rect key={tone} className={`fill ${tone}`} x={x} width={width} height="10" />
      })}
    </svg>
  )
}

/** Draws the span between two values on a scale that begins at 0 and ends at `total`. */
export function SpanBar({ from, to, total }: { from: number; to: number; total: number }): ReactNode {
  const toPercent = (value: number) => (value / total) * 100
  return (
    <svg className="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" width="100" height="10" />
      <rect
        className="fill idle"
        x={toPercent(from)}
        width={Math.max(0.5, toPercent(to) - toPercent(from))}
        y="3"
        height="4"
      />
      <rect className="fill first" x={Math.max(0, toPercent(from) - 0.8)} width="1.6" height="10" />
      <rect className="fill second" x={Math.max(0, toPercent(to) - 1.6)} width="1.6" height="10" />
    </svg>
  )
}
