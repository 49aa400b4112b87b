import type { ReactNode } from 'react'
import { PointShape } from './plot-shapes.tsx'
import type { Tone } from './series.ts'

/** Draws a small sample of a series for the legend. */
export function Swatch({ tone, kind }: { tone: Tone; kind: 'bars' | 'lines' }): ReactNode {
  return (
    <svg className="swatch" width="16" height="10" aria-hidden="true">
      {kind === 'lines' ? (
        <>
          <path className={`line ${tone}`} d="M0 5H16" />
          <PointShape tone={tone} x={8} y={5} />
        </>
      ) : (
        <>
          <rect className={`fill ${tone}`} width="16" height="10" rx="2" />
          {tone === 'bad' && <path className="hatching" d="M3 10 9 0M9 10 15 0" />}
        </>
      )}
    </svg>
  )
}
