import type { ReactNode } from 'react'

/**
 * Shows grey bars in place of rows that are loading. They become visible after 150 ms, so that fast loads do not
 * flicker.
 */
export const Skeleton = ({ rows }: { rows: number }): ReactNode => (
  <div className="skeleton-rows" aria-hidden="true">
    {Array.from({ length: rows }, (_, index) => (
      <span key={index} />
    ))}
  </div>
)
