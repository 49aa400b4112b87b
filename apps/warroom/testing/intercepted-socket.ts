import type { ServerFrame } from '@engineer-chat/protocol'
import type { Page, WebSocketRoute } from 'playwright-core'

/** Forwards the frames between page and server. A test can wait for frames and add some. */
export interface InterceptedSocket {
  /** Resolves to the first matching frame, which may have arrived before the call. */
  waitForFrame<T extends ServerFrame>(isWanted: (frame: ServerFrame) => frame is T): Promise<T>
  /** Sends a frame to the page as if the server had sent it. */
  inject(frame: ServerFrame): void
}

/** Intercepts the page's next sockets, and reloads the page so that it opens one. */
export async function interceptSocket(page: Page): Promise<InterceptedSocket> {
  const frames: ServerFrame[] = []
  const waitingChecks = new Set<() => void>()
  let currentRoute: WebSocketRoute | undefined
  await page.routeWebSocket(/\/ws\?/, (route) => {
    currentRoute = route
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
          const frame = frames.find(isWanted)
          if (!frame) return
          waitingChecks.delete(checkFrames)
          resolve(frame)
        }
        waitingChecks.add(checkFrames)
        checkFrames()
      }),
    inject: (frame) => currentRoute?.send(JSON.stringify(frame)),
  }
}
