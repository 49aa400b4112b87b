import type { ReactNode } from 'react'
import { create } from 'zustand'

const useAnnouncement = create<{ text: string }>(() => ({ text: '' }))

/** Announces each finished answer to screen readers once, and not each token. */
export const announce = (text: string): void => useAnnouncement.setState({ text })

export function Announcer(): ReactNode {
  const text = useAnnouncement((state) => state.text)
  return (
    <div className="unseen" aria-live="polite" data-testid="announcer">
      {text}
    </div>
  )
}
