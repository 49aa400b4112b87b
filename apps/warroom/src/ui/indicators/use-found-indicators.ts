import type { FoundIndicator } from '@engineer-chat/protocol'
import { useEffect, useState } from 'react'
import { searchIndicators } from '../../state/indicators/indicators.ts'

const TYPING_PAUSE_MS = 250
/** A shorter text is not searched, because too many values begin with it. */
const MIN_CHARACTERS = 3
const NO_INDICATORS: readonly FoundIndicator[] = []

/**
 * Finds indicators in all rooms once the reader stops typing. A failed search returns no indicators and shows no error.
 */
export function useFoundIndicators(text: string): readonly FoundIndicator[] {
  const [found, setFound] = useState({ text: '', items: NO_INDICATORS })
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
  return found.text === q ? found.items : NO_INDICATORS
}
