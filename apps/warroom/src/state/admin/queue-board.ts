import { client } from '../people/sign-in.ts'

/**
 * Opens the queue board in a tab of its own. The tab is opened before the request, because a browser blocks one that a
 * click no longer explains. The board takes a cookie that the server gives for this sign-in.
 * @throws ApiProblem, ConnectionFailedError if the server refuses; the tab is closed then
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

const BOARD_PATH = '/admin/queues'
