import { create } from 'zustand'

/** What is open on the page, apart from the room itself. */
export interface View {
  palette: boolean
  search: boolean
  /** Drawers on narrow screens. */
  sidebar: boolean
  details: boolean
  dialog: Dialog | null
}

export type Dialog =
  | { kind: 'share'; event_id: string; session_id: string }
  | { kind: 'new_session'; event_id: string }
  | { kind: 'new_event' }
  | { kind: 'source'; json: string }
  | { kind: 'feedback'; message_id: string; rating: 'up' | 'down' }
  | { kind: 'indicator'; text: string }
  | { kind: 'help' }
  | { kind: 'sign_out'; unsent: number }
  | { kind: 'sign_out_everywhere' }

export const useView = create<View>(() => ({
  palette: false,
  search: false,
  sidebar: false,
  details: matchMedia('(min-width: 1180px)').matches,
  dialog: null,
}))

export const show = (changes: Partial<View>): void => useView.setState(changes)
export const ask = (dialog: Dialog): void => useView.setState({ dialog, palette: false, sidebar: false })
export const closeDialog = (): void => useView.setState({ dialog: null })
