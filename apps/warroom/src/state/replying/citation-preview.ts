import type { Citation } from '@engineer-chat/protocol'
import { create } from 'zustand'

/** Describes the citation whose preview is shown. */
export interface ShownCitation {
  /** Holds the element of the citation's mark in the text. The preview is placed beside it. */
  chip: HTMLElement
  citation: Citation
  event_id: string
}

/** The pointer must stay on a chip for this long, so that moving across a chip does not open its preview. */
const OPEN_DELAY_MS = 120
/** The preview stays open for this long after the pointer has left the chip, so that the pointer can reach it. */
const CLOSE_DELAY_MS = 200

export const useShownCitation = create<{ shown: ShownCitation | null }>(() => ({ shown: null }))

let timer: ReturnType<typeof setTimeout> | undefined

const setShownAfter = (shown: ShownCitation | null, delayMs: number): void => {
  clearTimeout(timer)
  timer = setTimeout(() => useShownCitation.setState({ shown }), delayMs)
}

export function showCitation(shown: ShownCitation): void {
  clearTimeout(timer)
  useShownCitation.setState({ shown })
}

export const showCitationSoon = (shown: ShownCitation): void => setShownAfter(shown, OPEN_DELAY_MS)
export const keepCitationOpen = (): void => clearTimeout(timer)
export const hideCitationSoon = (): void => setShownAfter(null, CLOSE_DELAY_MS)

export function hideCitation(): void {
  clearTimeout(timer)
  useShownCitation.setState({ shown: null })
}
