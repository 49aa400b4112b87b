import { useEffect } from 'react'
import { useMayAsk } from '../../state/events/members.ts'
import { cutQuote } from '../../text/quoted-text.ts'
import { isFieldFocused } from '../parts/focus.ts'
import { findQuotableMessage, startQuote } from './start-quote.ts'
import type { SelectedText } from './use-selected-text.ts'

const RECIPIENTS_BY_KEY = new Map<string, 'ai' | 'room'>([
  ['a', 'ai'],
  ['r', 'room'],
])

/**
 * Handles the keys for quoting. A asks the AI about the selected text, or about the message that has the focus. R
 * replies to it in the room. Both do nothing if the reader may not ask. Esc clears the selection. While a field has
 * the focus, no key is handled.
 */
export function useQuoteKeys(event_id: string, selected: SelectedText | undefined, clear: () => void): void {
  const mayAsk = useMayAsk(event_id)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return
      if (event.defaultPrevented || isFieldFocused() || document.querySelector('dialog[open], :popover-open')) return
      if (event.key === 'Escape' && selected) return clear()
      const to = RECIPIENTS_BY_KEY.get(event.key)
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
