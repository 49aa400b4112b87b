import type { ReactNode } from 'react'
import { create } from 'zustand'

const useAnnouncement = create<{ text: string }>(() => ({ text: '' }))

/**
 * Makes screen readers read a text once. A streamed answer is announced when it is finished, and not while it grows.
 */
export const announce = (text: string): void => useAnnouncement.setState({ text })

export function Announcer(): ReactNode {
  const text = useAnnouncement((state) => state.text)
  return (
    <div className="unseen" aria-live="polite" data-testid="announcer">
      {text}
    </div>
  )
}
