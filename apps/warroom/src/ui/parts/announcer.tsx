import type { ReactNode } from 'react'
import { create } from 'zustand'

const useAnnouncement = create<{ text: string }>(() => ({ text: '' }))

/** For screen readers: once per finished answer, and not per token. */
export const announce = (text: string): void => useAnnouncement.setState({ text })

export function Announcer(): ReactNode {
  const text = useAnnouncement((state) => state.text)
  return (
    <div className="unseen" aria-live="polite" data-testid="announcer">
      {text}
    </div>
  )
}
