import { type AttentionCounts, toShortCount } from './count.ts'

const APP_NAME = 'Engineer Chat'

/** Formats the title of the browser's tab: the unread count, the open event's name, and the product. */
export function toTabTitle(name: string, { unread }: AttentionCounts): string {
  const count = unread > 0 ? `(${toShortCount(unread)}) ` : ''
  return name === '' ? `${count}${APP_NAME}` : `${count}${name} · ${APP_NAME}`
}
