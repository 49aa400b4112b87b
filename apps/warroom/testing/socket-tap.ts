import type { ServerFrame } from '@engineer-chat/protocol'
import type { Page, WebSocketRoute } from 'playwright-core'

/** Forwards the frames between page and server, so that a test can add its own. */
export interface SocketTap {
  /** Resolves to the first wanted frame, which may have come before the call. */
  waitForFrame<T extends ServerFrame>(isWanted: (frame: ServerFrame) => frame is T): Promise<T>
  /** Gives the page a frame as if the server had sent it. */
  inject(frame: ServerFrame): void
}

/** Reloads the page, so that its socket is opened through the tap. */
export async function tapSocket(page: Page): Promise<SocketTap> {
  const frames: ServerFrame[] = []
  const waiting = new Set<() => void>()
  let toPage: WebSocketRoute | undefined
  await page.routeWebSocket(/\/ws\?/, (route) => {
    toPage = route
    route.connectToServer().onMessage((data) => {
      frames.push(JSON.parse(`${data}`))
      route.send(data)
      for (const look of waiting) look()
    })
  })
  await page.reload()
  return {
    waitForFrame: (isWanted) =>
      new Promise((resolve) => {
        const look = () => {
          const found = frames.find(isWanted)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    inject: (frame) => toPage?.send(JSON.stringify(frame)),
  }
}
