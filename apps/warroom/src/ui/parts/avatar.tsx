import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

export type SenderKind = 'agent' | 'person' | 'ai' | 'system'

/** Draws agents as squares, people as circles and the AI as a star, so that they differ even without colour. */
export function Avatar({ kind, name }: { kind: SenderKind; name: string }): ReactNode {
  return (
    <span className={`avatar ${kind} hue-${toHue(name)}`} aria-hidden="true">
      {kind === 'person' ? (
        getInitial(name)
      ) : (
        <Icon name={kind === 'agent' ? 'robot' : kind === 'ai' ? 'sparkle' : 'warn'} />
      )}
    </span>
  )
}

const getInitial = (name: string): string => [...name][0]?.toUpperCase() ?? '?'

function toHue(name: string): number {
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997
  return sum % 6
}
