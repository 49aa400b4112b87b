import { type Fixture, type ProductOptions, startFixture, type TestUser } from '@engineer-chat/proof'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { buildPage } from '../bin/build-page.ts'
import { goToRoom, signIn, startBrowser, type Visitor, visit } from './browser.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export const PASSWORD = 'a long enough password'

/** Runs the product with a fake model, a browser, and a proxy between browser and product. The test controls them. */
export interface WarRoom extends Fixture {
  proxy: TcpProxy
  browser: Browser
  /** Creates an engineer, signs in as this user in a separate browser context, and enters a room. */
  openAsEngineer(name: string, event_id?: string, options?: BrowserContextOptions): Promise<Visitor>
  createUser(name: string, role?: 'engineer' | 'admin' | 'agent'): Promise<void>
  /** Returns the event's id. */
  createEvent(creator: TestUser, fields?: Record<string, unknown>): Promise<string>
}

/** Limits a call to 400 s: on a busy machine, a test may pause a call of the model for longer than the default 30 s. */
const PAUSABLE_CALLS = { ENGINEER_CHAT_AI_TIMEOUT: '400' }

export async function startWarRoom(options: ProductOptions = {}): Promise<WarRoom> {
  const product = { ...options, env: { ...PAUSABLE_CALLS, ...options.env } }
  const [fixture, browser] = await Promise.all([startFixture(product), startBrowser(), buildPage()])
  const proxy = await startTcpProxy(fixture.getApiUrl(0))
  const createUser: WarRoom['createUser'] = async (username, role = 'engineer') => {
    await expectCreated(
      fixture.admin.call(fixture.getApiUrl(0), 'POST', '/api/users', { username, password: PASSWORD, role }),
    )
  }
  return {
    ...fixture,
    proxy,
    browser,
    createUser,
    openAsEngineer: async (name, event_id = fixture.event_id, options = {}) => {
      await createUser(name)
      const visitor = await visit(browser, proxy.url, options)
      await signIn(visitor.page, name, PASSWORD)
      await goToRoom(visitor.page, proxy.url, event_id)
      return visitor
    },
    createEvent: async (creator, fields = {}) => {
      const event = { event_name: 'Another', message: 'Something else', severity: 'low', source: 'EDR', ...fields }
      const { event_id } = await expectCreated<{ event_id: string }>(
        creator.call(fixture.getApiUrl(0), 'POST', '/api/events', event),
      )
      return event_id
    },
    stop: async () => {
      await browser.close()
      await proxy.close()
      await fixture.stop()
    },
  }
}

/** Returns the body of a response with status 201, and throws for another status. */
async function expectCreated<T>(request: Promise<{ status: number; body: unknown; text: string }>): Promise<T> {
  const { status, body, text } = await request
  if (status !== 201) throw new Error(`${status} ${text}`)
  return body as T
}
