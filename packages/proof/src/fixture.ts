import { type FakeModel, startFakeModel } from './fake-model.ts'
import { type Product, type ProductOptions, type ProductRedis, startProduct, startProductWithRedis } from './product.ts'
import type { TestUser } from './test-user.ts'
import { createUsers } from './users.ts'

/** Holds what a test needs: a running product, its users, one open event and a fake model that the test controls. */
export interface Fixture<R extends ProductRedis = Product['redis']> {
  product: Product<R>
  model: FakeModel
  event_id: string
  admin: TestUser
  /** This engineer created the event. */
  alice: TestUser
  /** This is another engineer. */
  bob: TestUser
  /** This user has the role agent and the username captain. */
  agent: TestUser
  /** Returns the URL of an API node. */
  getApiUrl(nodeIndex: number): string
  stop(): Promise<void>
}

export const startFixture = (options: ProductOptions = {}): Promise<Fixture> => startFixtureWith(startProduct, options)

/** Starts a fixture with a Redis that is already running. */
export const startFixtureWithRedis = <R extends ProductRedis>(
  redis: R,
  options: ProductOptions = {},
): Promise<Fixture<R>> => startFixtureWith((productOptions) => startProductWithRedis(redis, productOptions), options)

async function startFixtureWith<R extends ProductRedis>(
  start: (options: ProductOptions) => Promise<Product<R>>,
  options: ProductOptions,
): Promise<Fixture<R>> {
  const model = await startFakeModel()
  // Without a fallback, the reply of a failed model is an error. A test can set LLM_FALLBACK to see a fallback instead.
  const llm = { LLM_BASE_URL: model.url, LLM_API_KEY: 'k', LLM_MODEL: 'fake-1', LLM_FALLBACK: 'none' }
  const env = { ...llm, ...options.env }
  let product: Product<R> | undefined
  const stop = async () => {
    await product?.stop()
    await model.close()
  }
  try {
    product = await start({ ...options, env })
    return { ...(await prepareProduct(product)), model, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Creates the users and the event. */
async function prepareProduct<R extends ProductRedis>(
  product: Product<R>,
): Promise<Omit<Fixture<R>, 'model' | 'stop'>> {
  const getApiUrl = (nodeIndex: number) => {
    const api = product.apis[nodeIndex]
    if (!api) throw new Error(`There is no API node ${nodeIndex}.`)
    return api.url
  }
  const [admin, alice, bob, agent] = await createUsers(product, getApiUrl(0))
  const event_id = await createEventAs(getApiUrl(0), alice)
  return { product, event_id, admin, alice, bob, agent, getApiUrl }
}

/** Creates an event as this user and returns its id. */
export async function createEventAs(
  baseUrl: string,
  user: TestUser,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const event = {
    event_name: 'Beacon from WS-042',
    message: 'C2 beacon to 198.51.100.23',
    severity: 'high',
    source: 'EDR',
  }
  const response = await user.call<{ event_id: string }>(baseUrl, 'POST', '/api/events', { ...event, ...fields })
  if (response.status !== 201) throw new Error(`The event was not created: ${response.status} ${response.text}`)
  return response.body.event_id
}
