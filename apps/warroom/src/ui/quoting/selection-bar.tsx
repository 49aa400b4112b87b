import type { ReactNode } from 'react'
import { SelectionActions } from './selection-actions.tsx'
import { useQuoteKeys } from './use-quote-keys.ts'
import { useSelectedText } from './use-selected-text.ts'

/** Offers to quote a text that is selected within one message, with buttons beside the selection and with keys. */
export default function SelectionBar({ event_id }: { event_id: string }): ReactNode {
  const { selected, clear } = useSelectedText(event_id)
  useQuoteKeys(event_id, selected, clear)
  return selected && <SelectionActions selected={selected} clear={clear} />
}
