export { type CountContext, countUnread, toCounts } from './count-unread.ts'
export {
  type InboxEvent,
  type InboxRow,
  type InboxStore,
  NO_MARK,
  type ReadMark,
  type UserMark,
} from './inbox-store.ts'
export { putNotifications } from './put-notifications.ts'
export { RoomWindow } from './room-window.ts'
export { INBOX_LIMITS, type InboxLimits, RoomWindows } from './room-windows.ts'
