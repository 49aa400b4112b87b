import { type FakeModel, startFakeModel } from './fake-model.ts'
import type { Person } from './person.ts'
import { type Product, type ProductOptions, type Redis, startProduct, startProductOn } from './product.ts'
import { createUsers } from './users.ts'

/** Holds a product, its users, one open event and a model that the test directs. */
export interface Room<R extends Redis = Product['redis']> {
  product: Product<R>
  model: FakeModel
  event_id: string
  admin: Person
  alice: Person
  bob: Person
  captain: Person
  /** Returns the URL of an API node. */
  getApiUrl(node: number): string
  stop(): Promise<void>
}

export const openRoom = (options: ProductOptions = {}): Promise<Room> => openRoomWith(startProduct, options)

/** Opens a room on a Redis that runs already. */
export const openRoomOn = <R extends Redis>(redis: R, options: ProductOptions = {}): Promise<Room<R>> =>
  openRoomWith((all) => startProductOn(redis, all), options)

async function openRoomWith<R extends Redis>(
  start: (options: ProductOptions) => Promise<Product<R>>,
  options: ProductOptions,
): Promise<Room<R>> {
  const model = await startFakeModel()
  const env = { LLM_BASE_URL: model.url, LLM_API_KEY: 'k', LLM_MODEL: 'fake-1', ...options.env }
  const product = await start({ ...options, env })
  const getApiUrl = (node: number) => {
    const api = product.apis[node]
    if (!api) throw new Error(`there is no API node ${node}`)
    return api.url
  }
  const [admin, alice, bob, captain] = await createUsers(product, getApiUrl(0))
  const event_id = await openEvent(getApiUrl(0), alice)
  return {
    product,
    model,
    event_id,
    admin,
    alice,
    bob,
    captain,
    getApiUrl,
    stop: async () => {
      await product.stop()
      await model.close()
    },
  }
}

/** Creates another event for this person. */
export async function openEvent(base: string, person: Person, more: Record<string, unknown> = {}): Promise<string> {
  const event = {
    event_name: 'Beacon from WS-042',
    message: 'C2 beacon to 198.51.100.23',
    severity: 'high',
    source: 'EDR',
  }
  const answer = await person.call<{ event_id: string }>(base, 'POST', '/api/events', { ...event, ...more })
  if (answer.status !== 201) throw new Error(`event: ${answer.status} ${answer.text}`)
  return answer.body.event_id
}
