import { useEffect } from 'react'
import { cutQuote } from '../../text/quoted-text.ts'
import { isTyping } from '../parts/focus.ts'
import { findQuotable, startQuote } from './start-quote.ts'
import type { SelectedText } from './use-selected-text.ts'

/**
 * Asks the AI about the selected text with A and replies with R, or about the message that has the focus, while nobody
 * types. Esc lets the selection go.
 */
export function useQuoteKeys(event_id: string, selected: SelectedText | undefined, clear: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return
      if (event.defaultPrevented || isTyping() || document.querySelector('dialog[open], :popover-open')) return
      if (event.key === 'Escape' && selected) return clear()
      const to = event.key === 'a' ? 'ai' : event.key === 'r' ? 'room' : undefined
      const message = selected?.message ?? findQuotable(event_id, document.activeElement)
      if (to === undefined || !message) return
      event.preventDefault()
      if (selected) clear()
      startQuote(to, message, selected && cutQuote(selected.text))
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [event_id, selected, clear])
}
