import type { FoundIndicator } from '@engineer-chat/protocol'
import { useEffect, useState } from 'react'
import { searchIndicators } from '../../state/indicators/indicators.ts'

/** The search begins after this time without a change of the text. */
const TYPING_PAUSE_MS = 250
/** A shorter text is not searched, because too many values begin with it. */
const MIN_SEARCH_CHARACTERS = 3
const NO_INDICATORS: readonly FoundIndicator[] = []

/**
 * Finds indicators in all rooms once the reader stops typing. A failed search returns no indicators and shows no error.
 */
export function useFoundIndicators(text: string): readonly FoundIndicator[] {
  const [lastSearch, setLastSearch] = useState({ searchText: '', indicators: NO_INDICATORS })
  const searchText = text.trim()
  useEffect(() => {
    if (searchText.length < MIN_SEARCH_CHARACTERS) return
    let isCurrent = true
    const timer = setTimeout(() => {
      searchIndicators(searchText).then(
        (indicators) => {
          // The response to an earlier text may arrive after the response to the current one.
          if (isCurrent) setLastSearch({ searchText, indicators })
        },
        () => {},
      )
    }, TYPING_PAUSE_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [searchText])
  return lastSearch.searchText === searchText ? lastSearch.indicators : NO_INDICATORS
}
