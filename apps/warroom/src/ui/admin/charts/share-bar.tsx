import type { ReactNode } from 'react'
import type { Tone } from './series.ts'

/** Parts of a whole, beside the words that say them. `of` is what fills the whole width. */
export function ShareBar({ parts, of }: { parts: readonly { tone: Tone; value: number }[]; of: number }): ReactNode {
  let sum = 0
  return (
    <svg className="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" width="100" height="10" />
      {parts.map(({ tone, value }) => {
        const [x, width] = [(sum / of) * 100, (value / of) * 100]
        sum += value
        return <rect key={tone} className={`fill ${tone}`} x={x} width={width} height="10" />
      })}
    </svg>
  )
}

/** From one value to another on a scale that begins at 0: how far apart the quick and the slow answers are. */
export function SpanBar({ from, to, of }: { from: number; to: number; of: number }): ReactNode {
  const at = (value: number) => (value / of) * 100
  return (
    <svg className="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" width="100" height="10" />
      <rect className="fill idle" x={at(from)} width={Math.max(0.5, at(to) - at(from))} y="3" height="4" />
      <rect className="fill first" x={Math.max(0, at(from) - 0.8)} width="1.6" height="10" />
      <rect className="fill second" x={Math.max(0, at(to) - 1.6)} width="1.6" height="10" />
    </svg>
  )
}
