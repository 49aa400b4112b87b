import type { ServerFrame } from '@engineer-chat/protocol'
import type { Page, WebSocketRoute } from 'playwright-core'

/** Forwards the frames between page and server, so that a test can add its own. */
export interface SocketTap {
  /** Resolves to the first matching frame, which may have arrived before the call. */
  waitForFrame<T extends ServerFrame>(isWanted: (frame: ServerFrame) => frame is T): Promise<T>
  /** Sends the page a frame as if it came from the server. */
  inject(frame: ServerFrame): void
}

/** Reloads the page, so that its socket is opened through the tap. */
export async function tapSocket(page: Page): Promise<SocketTap> {
  const frames: ServerFrame[] = []
  const waitingChecks = new Set<() => void>()
  let toPage: WebSocketRoute | undefined
  await page.routeWebSocket(/\/ws\?/, (route) => {
    toPage = route
    route.connectToServer().onMessage((data) => {
      frames.push(JSON.parse(`${data}`))
      route.send(data)
      for (const checkFrames of waitingChecks) checkFrames()
    })
  })
  await page.reload()
  return {
    waitForFrame: (isWanted) =>
      new Promise((resolve) => {
        const checkFrames = () => {
          const found = frames.find(isWanted)
          if (!found) return
          waitingChecks.delete(checkFrames)
          resolve(found)
        }
        waitingChecks.add(checkFrames)
        checkFrames()
      }),
    inject: (frame) => toPage?.send(JSON.stringify(frame)),
  }
}
