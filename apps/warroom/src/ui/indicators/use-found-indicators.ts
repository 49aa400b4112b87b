import type { FoundIndicator } from '@engineer-chat/protocol'
import { useEffect, useState } from 'react'
import { searchIndicators } from '../../state/indicators/indicators.ts'

const TYPING_PAUSE_MS = 250
/** Fewer characters begin too many values to be of use. */
const MIN_CHARACTERS = 3
const NONE: readonly FoundIndicator[] = []

/** Finds indicators in all rooms once the reader stops typing. A failed search finds none, and other entries stay. */
export function useFoundIndicators(text: string): readonly FoundIndicator[] {
  const [found, setFound] = useState({ text: '', items: NONE })
  const q = text.trim()
  useEffect(() => {
    if (q.length < MIN_CHARACTERS) return
    const timer = setTimeout(() => {
      searchIndicators(q).then(
        (items) => setFound({ text: q, items }),
        () => {},
      )
    }, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [q])
  return found.text === q ? found.items : NONE
}
