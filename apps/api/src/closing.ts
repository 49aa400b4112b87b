import { setTimeout as after } from 'node:timers/promises'
import type { Api } from './deps.ts'

/**
 * A deploy is invisible: while the app closes, `readyz` says so and every answer asks its connection to end, but requests
 * are served for as long as a proxy needs to look elsewhere; those in flight then finish.
 */
export function closePolitely(app: Api, drain_ms: number): () => boolean {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    if (app.server.listening) await after(drain_ms)
  })
  return () => closing
}
