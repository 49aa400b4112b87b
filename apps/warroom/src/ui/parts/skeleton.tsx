import type { ReactNode } from 'react'

/** Holds the place of rows that are loading. It shows only after a moment, so what comes at once does not flicker. */
export const Skeleton = ({ rows }: { rows: number }): ReactNode => (
  <div className="skeleton-rows" aria-hidden="true">
    {Array.from({ length: rows }, (_, index) => (
      <span key={index} />
    ))}
  </div>
)
