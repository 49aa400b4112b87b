import type { ReactNode } from 'react'

/** A line of a list of facts. */
export function Fact({ name, value, title }: { name: string; value: string; title?: string }): ReactNode {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
