import { type Fixture, type ProductOptions, startFixture, type TestUser } from '@engineer-chat/proof'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { buildPage } from '../bin/build-page.ts'
import { enterRoom, signIn, startBrowser, type Visitor, visit } from './browser.ts'
import { type Front, startFront } from './front.ts'

export const PASSWORD = 'a long enough password'

/** Runs the product with a model that the test controls, a browser, and a front that can lose its node. */
export interface WarRoom extends Fixture {
  front: Front
  browser: Browser
  /** Creates an engineer, signed in and in a room, with a browser of their own. */
  openAsEngineer(name: string, event_id?: string, options?: BrowserContextOptions): Promise<Visitor>
  createUser(name: string, role?: 'engineer' | 'admin' | 'agent'): Promise<void>
  createEvent(caller: TestUser, fields?: Record<string, unknown>): Promise<string>
}

export async function openWarRoom(options: ProductOptions = {}): Promise<WarRoom> {
  const [fixture, browser] = await Promise.all([startFixture(options), startBrowser(), buildPage()])
  const front = await startFront(fixture.getApiUrl(0))
  const createUser: WarRoom['createUser'] = async (username, role = 'engineer') => {
    await expectCreated(
      fixture.admin.call(fixture.getApiUrl(0), 'POST', '/api/users', { username, password: PASSWORD, role }),
    )
  }
  return {
    ...fixture,
    front,
    browser,
    createUser,
    openAsEngineer: async (name, event_id = fixture.event_id, options = {}) => {
      await createUser(name)
      const visitor = await visit(browser, front.url, options)
      await signIn(visitor.page, name, PASSWORD)
      await enterRoom(visitor.page, front.url, event_id)
      return visitor
    },
    createEvent: async (by, more = {}) => {
      const event = { event_name: 'Another', message: 'Something else', severity: 'low', source: 'EDR', ...more }
      const { event_id } = await expectCreated<{ event_id: string }>(
        by.call(fixture.getApiUrl(0), 'POST', '/api/events', event),
      )
      return event_id
    },
    stop: async () => {
      await browser.close()
      await front.close()
      await fixture.stop()
    },
  }
}

async function expectCreated<T>(asked: Promise<{ status: number; body: unknown; text: string }>): Promise<T> {
  const answer = await asked
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`)
  return answer.body as T
}
