import type { Citation } from '@engineer-chat/protocol'
import { create } from 'zustand'

export interface ShownCitation {
  chip: HTMLElement
  citation: Citation
  event_id: string
}

/** A pointer that only passes over a chip opens nothing. */
const OPEN_AFTER_MS = 120
/** The pointer may leave the chip for this long on its way into the preview. */
const CLOSE_AFTER_MS = 200

export const useShownCitation = create<{ shown: ShownCitation | null }>(() => ({ shown: null }))

let timer: ReturnType<typeof setTimeout> | undefined

const showAfter = (shown: ShownCitation | null, delayMs: number): void => {
  clearTimeout(timer)
  timer = setTimeout(() => useShownCitation.setState({ shown }), delayMs)
}

export function showCitation(shown: ShownCitation): void {
  clearTimeout(timer)
  useShownCitation.setState({ shown })
}

export const showCitationSoon = (shown: ShownCitation): void => showAfter(shown, OPEN_AFTER_MS)
export const keepCitation = (): void => clearTimeout(timer)
export const hideCitationSoon = (): void => showAfter(null, CLOSE_AFTER_MS)

export function hideCitation(): void {
  clearTimeout(timer)
  useShownCitation.setState({ shown: null })
}
