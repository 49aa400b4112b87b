import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type SenderKind = 'agent' | 'person' | 'ai' | 'system'

const ICONS: Record<Exclude<SenderKind, 'person'>, IconName> = { agent: 'robot', ai: 'sparkle', system: 'warn' }

/** Draws agents as squares, people as circles and the AI as a star, so that they differ even without colour. */
export function Avatar({ kind, name }: { kind: SenderKind; name: string }): ReactNode {
  return (
    <span className={`avatar ${kind} hue-${toHue(name)}`} aria-hidden="true">
      {kind === 'person' ? getInitial(name) : <Icon name={ICONS[kind]} />}
    </span>
  )
}

const getInitial = (name: string): string => [...name][0]?.toUpperCase() ?? '?'

/** `message.css` has a class for each of these hues. */
const HUE_COUNT = 6

/** Chooses a hue by a hash of the name, so that a person always has the same hue. 31 and 997 are arbitrary primes. */
function toHue(name: string): number {
  let hash = 0
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 997
  return hash % HUE_COUNT
}
