import { create } from 'zustand'
import { keep, kept, keyOf } from './storage.ts'

/** What stands in the box of each room and isn't sent, by event. */
const useDrafts = create<Record<string, string>>(() => ({}))

export function useDraft(user_id: string, event_id: string): [string, (text: string) => void] {
  const draft = useDrafts((drafts) => drafts[event_id]) ?? kept<string>(keyOf(user_id, event_id, 'draft')) ?? ''
  return [draft, (text) => setDraft(user_id, event_id, text)]
}

export function setDraft(user_id: string, event_id: string, text: string): void {
  useDrafts.setState({ [event_id]: text })
  keep(keyOf(user_id, event_id, 'draft'), text === '' ? undefined : text)
}
