import { readAiCommand } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { parseAddressee } from '../../text/addressee.ts'
import { findKeyEventId, readStored, store, subscribeToOtherTabs, toRoomKey } from '../page/storage.ts'

/** Holds the unsent text of each room's message box, by event. */
const useDrafts = create<Record<string, string>>(() => ({}))

/** Holds the id of the user whose drafts this tab shows. */
let ownerId = ''

export function useDraft(user_id: string, event_id: string): [string, (text: string) => void] {
  ownerId = user_id
  const draft = useDrafts((drafts) => drafts[event_id]) ?? readDraft(user_id, event_id)
  return [draft, (text) => setDraft(user_id, event_id, text)]
}

export function setDraft(user_id: string, event_id: string, text: string): void {
  useDrafts.setState({ [event_id]: text })
  store(toRoomKey(user_id, event_id, 'draft'), text === '' ? undefined : text)
}

/** Appends a text to the draft, after a space if the language of the draft separates words by spaces. */
export function addToDraft(user_id: string, event_id: string, text: string): void {
  const draft = getDraft(user_id, event_id)
  const needsSpace = draft !== '' && !/[\s\p{Script=Han}，。！？；：]$/u.test(draft)
  setDraft(user_id, event_id, `${draft}${needsSpace ? ' ' : ''}${text}`)
}

/**
 * Puts a text that begins with a command or with `@AI` before the draft. A mention of the AI or an AI command at the
 * beginning of the draft is removed.
 */
export function prependToDraft(user_id: string, event_id: string, text: string): void {
  const draft = getDraft(user_id, event_id)
  const addressee = parseAddressee(draft)
  if (addressee.to === 'ai') {
    const questionWithoutCommand = readAiCommand(addressee.question)?.focus ?? addressee.question
    setDraft(user_id, event_id, `${text}${questionWithoutCommand}`)
  } else if (addressee.to === 'room') {
    setDraft(user_id, event_id, `${text}${draft.trim()}`)
  } else {
    // Any other draft is empty, `@AI` alone or a command of the page, so the text replaces it.
    setDraft(user_id, event_id, text)
  }
}

export const getDraft = (user_id: string, event_id: string): string =>
  useDrafts.getState()[event_id] ?? readDraft(user_id, event_id)

const readDraft = (user_id: string, event_id: string): string =>
  readStored<string>(toRoomKey(user_id, event_id, 'draft')) ?? ''

// Tabs of one person share a draft, so that no tab overwrites text from another.
subscribeToOtherTabs((key, value) => {
  const event_id = findKeyEventId(key, ownerId, 'draft')
  if (event_id === undefined) return
  const text: string = value === null ? '' : JSON.parse(value)
  useDrafts.setState({ [event_id]: text })
})
