import { client } from '../people/sign-in.ts'

const BOARD_PATH = '/admin/queues'

/**
 * Opens the queue board in a new tab. The tab is opened before the request, because a browser blocks a tab that does
 * not open directly after a click. The board accepts a cookie that the server sets for this sign-in.
 * @throws ApiProblem, ConnectionFailedError if the server refuses or cannot be reached; the new tab is closed then
 */
export async function openQueueBoard(): Promise<void> {
  const tab = open('about:blank', '_blank')
  if (tab) tab.opener = null
  try {
    await client.openQueueBoard()
  } catch (error) {
    tab?.close()
    throw error
  }
  if (tab) tab.location.replace(BOARD_PATH)
  else location.assign(BOARD_PATH)
}
