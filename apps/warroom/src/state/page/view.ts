import type { Event, IndicatorType, Message } from '@engineer-chat/protocol'
import { create } from 'zustand'
import type { HeaderChange } from '../events/header-change.ts'

/** Describes the open parts of the page, apart from the room itself. */
export interface View {
  isPaletteOpen: boolean
  isSearchOpen: boolean
  /** On narrow screens the sidebar and the details are drawers. */
  isSidebarOpen: boolean
  isDetailsOpen: boolean
  /** Names the open tab of the details. */
  tab: DetailsTab
  dialog: Dialog | null
}

export const DETAILS_TABS = ['summary', 'evidence', 'indicators', 'documents', 'agents', 'sessions'] as const
export type DetailsTab = (typeof DETAILS_TABS)[number]

export type Dialog =
  /** `pin_message_id` names a message that is pinned after the session is shared. */
  | { kind: 'share'; event_id: string; session_id: string; pin_message_id?: string }
  | { kind: 'new_session'; event_id: string }
  | { kind: 'new_event' }
  | { kind: 'export'; event_id: string }
  /** Shows the JSON of a message, or a text that the browser did not let the page copy. */
  | { kind: 'text_to_copy'; text: string }
  | { kind: 'copy_answer'; message: Message }
  | { kind: 'feedback'; message_id: string; rating: 'up' | 'down' }
  /** `message_id` is the id of the message in which the user clicked the indicator. */
  | { kind: 'indicator'; value: string; type: IndicatorType; event_id: string; message_id?: string }
  | { kind: 'close_event'; event: Event; change: HeaderChange }
  | { kind: 'lower_tlp'; event: Event; change: HeaderChange }
  | { kind: 'members'; event_id: string }
  | { kind: 'help' }
  | { kind: 'notifications' }
  /** `unsentCount` is the number of messages that are not sent yet. */
  | { kind: 'sign_out'; unsentCount: number }
  | { kind: 'sign_out_everywhere' }
  | { kind: 'change_password' }
  | { kind: 'reset_password'; user_id: string; username: string }
  | { kind: 'deactivate'; user_id: string; username: string }

/** The details are open at first only on screens of at least this width. */
const WIDE_SCREEN_QUERY = '(min-width: 1180px)'

export const useView = create<View>(() => ({
  isPaletteOpen: false,
  isSearchOpen: false,
  isSidebarOpen: false,
  isDetailsOpen: matchMedia(WIDE_SCREEN_QUERY).matches,
  tab: 'summary',
  dialog: null,
}))

export const updateView = (changes: Partial<View>): void => useView.setState(changes)
export const openDialog = (dialog: Dialog): void =>
  useView.setState({ dialog, isPaletteOpen: false, isSidebarOpen: false })
export const closeDialog = (): void => useView.setState({ dialog: null })
