import type { ReactNode } from 'react'

/** Renders one name and value of a description list. */
export function Attribute({ name, value, title }: { name: string; value: string; title?: string }): ReactNode {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
