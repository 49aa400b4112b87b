import { readConfig } from '@engineer-chat/adapters/environment'
import { createMetrics } from '@engineer-chat/adapters/metrics'
import type { Catalogue } from '@engineer-chat/chat/models'
import type { Passwords } from '@engineer-chat/chat/people'
import type { Log, LogFields } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { createMemoryHints, createMemoryStores } from '@engineer-chat/chat/testing'
import type { MemberRole, UserRole } from '@engineer-chat/protocol'
import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify'
import { buildApp } from '../src/app.ts'
import type { Api, ApiDeps } from '../src/deps.ts'

export const SECRET = 'only-for-tests-0123456789-abcdefghij-klmnop'

export interface LogLine {
  level: 'info' | 'warn' | 'error'
  event: string
  fields: LogFields
}

/** Sends requests as one signed-in user. */
export interface TestCaller {
  user_id: string
  token: string
  call(method: NonNullable<InjectOptions['method']>, url: string, body?: unknown, headers?: object): Promise<Response>
}

export interface Harness {
  app: Api
  deps: ApiDeps
  stores: Stores
  log: LogLine[]
  /** Creates a user with the password PASSWORD, and signs them in through the login route. */
  signUp(username: string, role?: UserRole): Promise<TestCaller>
  /** Creates an event, in which these fields replace the defaults, and resolves to its id. */
  createEvent(caller: TestCaller, fields?: object): Promise<string>
  putMember(caller: TestCaller, event_id: string, member: TestCaller, role: MemberRole): Promise<void>
  close(): Promise<void>
}

export interface HarnessOptions {
  env?: Record<string, string>
  stores?: Stores
  deps?: Partial<ApiDeps>
}

/** Builds the app with memory stores, or with the given stores. */
export async function createHarness({
  env = {},
  stores = createMemoryStores(),
  deps = {},
}: HarnessOptions = {}): Promise<Harness> {
  const hints = createMemoryHints()
  const logLines: LogLine[] = []
  const allDeps: ApiDeps = {
    config: readConfig({
      // The configuration requires both addresses. No test connects to them.
      DATABASE_URL: 'mysql://nobody@127.0.0.1:1/none',
      REDIS_URL: 'redis://127.0.0.1:1',
      JWT_SECRET_KEY: SECRET,
      NODE_ENV: 'test',
      SHUTDOWN_DRAIN_MS: '0',
      ...env,
    }),
    nodeId: 'node-1',
    stores,
    passwords: plainPasswords,
    bus: hints.bus,
    queue: hints.queue,
    feed: hints.feed('node-1'),
    health: { probeMysql: async () => {}, getRedisStatus: () => 'ready' },
    models: OFFLINE_CATALOGUE,
    log: createArrayLog(logLines),
    metrics: createMetrics('api'),
    ...deps,
  }
  const app = buildApp(allDeps)
  await app.ready()
  return {
    app,
    deps: allDeps,
    stores,
    log: logLines,
    signUp: (username, role = 'engineer') => signUp(app, allDeps, username, role),
    createEvent: async (caller, fields = {}) => {
      const body = { event_name: 'Phish', message: 'A mail', severity: 'high', source: 'mail-gateway', ...fields }
      const response = await caller.call('POST', '/api/events', body)
      if (response.statusCode !== 201) throw new Error(response.body)
      return response.json().event_id
    },
    putMember: async (caller, event_id, member, role) => {
      const response = await caller.call('PUT', `/api/events/${event_id}/members/${member.user_id}`, { role })
      if (response.statusCode !== 200) throw new Error(response.body)
    },
    close: () => app.close(),
  }
}

const OFFLINE_CATALOGUE: Catalogue = {
  default: 'offline-analyst',
  models: [
    {
      id: 'offline-analyst',
      provider: 'offline',
      context_window: null,
      max_tokens: null,
      prices: null,
      choose_for: [],
      fallbacks: [],
    },
  ],
}

export const PASSWORD = 'correct horse battery'

async function signUp(app: Api, { stores, passwords }: ApiDeps, username: string, role: UserRole): Promise<TestCaller> {
  const password_hash = await passwords.hash(PASSWORD)
  const { user_id } = await stores.users.create({ user_id: `u-${username}`, username, password_hash, role })
  const payload = { username, password: PASSWORD }
  const { access_token: token } = (await app.inject({ method: 'POST', url: '/api/auth/login', payload })).json()
  return createCaller(app, user_id, token)
}

/** Creates a caller from a token. A test uses it to send the requests of one user to several apps. */
export function createCaller(app: Api, user_id: string, token: string): TestCaller {
  return {
    user_id,
    token,
    call: (method, url, body, headers = {}) =>
      app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      }),
  }
}

/** Stores passwords in plain text, because real hashing is intentionally slow. */
const plainPasswords: Passwords = {
  hash: async (password) => `plain:${password}`,
  verify: async (password, hash) => hash === `plain:${password}`,
}

function createArrayLog(logLines: LogLine[]): Log {
  return {
    info: (event, fields = {}) => void logLines.push({ level: 'info', event, fields }),
    warn: (event, fields = {}) => void logLines.push({ level: 'warn', event, fields }),
    error: (event, fields = {}) => void logLines.push({ level: 'error', event, fields }),
  }
}
