import { useEffect } from 'react'
import { useMayAsk } from '../../state/events/members.ts'
import { cutQuote } from '../../text/quoted-text.ts'
import { isTyping } from '../parts/focus.ts'
import { findQuotableMessage, startQuote } from './start-quote.ts'
import type { SelectedText } from './use-selected-text.ts'

/**
 * With A asks the AI about the selected text, or about the message that has the focus. With R replies to it. Does
 * nothing while the reader is typing, or if the reader may not ask. Esc clears the selection.
 */
export function useQuoteKeys(event_id: string, selected: SelectedText | undefined, clear: () => void): void {
  const mayAsk = useMayAsk(event_id)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return
      if (event.defaultPrevented || isTyping() || document.querySelector('dialog[open], :popover-open')) return
      if (event.key === 'Escape' && selected) return clear()
      const to = event.key === 'a' ? 'ai' : event.key === 'r' ? 'room' : undefined
      const message = selected?.message ?? findQuotableMessage(event_id, document.activeElement)
      if (to === undefined || !message || !mayAsk) return
      event.preventDefault()
      if (selected) clear()
      startQuote(to, message, selected && cutQuote(selected.text))
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [event_id, selected, clear, mayAsk])
}
