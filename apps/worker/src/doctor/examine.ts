import { redisAddress, type WorkerEnvironment } from '@engineer-chat/adapters/environment'
import { offlineAnalyst, openAiCompatible } from '@engineer-chat/adapters/llm'
import { connect, mysqlFacts } from '@engineer-chat/adapters/mysql'
import { redisFacts, redisServers } from '@engineer-chat/adapters/redis'
import type { Llm, ReplyContext } from '@engineer-chat/chat'
import { type Finding, good, wrong } from './finding.ts'
import { judgeLlm } from './llm.ts'
import { judgeMysql } from './mysql.ts'
import { judgeRedis } from './redis.ts'

/** Looks at everything that a process needs, with the configuration that it would have. */
export async function examine(environment: WorkerEnvironment): Promise<Finding[]> {
  const found = await Promise.all([mysql(environment), redis(environment), llm(environment)])
  return [good('Configuration', 'complete'), ...found.flat()]
}

async function mysql({ DATABASE_URL }: WorkerEnvironment): Promise<Finding[]> {
  const server = connect(DATABASE_URL, { connectionLimit: 1 })
  try {
    return judgeMysql(await mysqlFacts(server), Date.now())
  } catch (error) {
    return [
      wrong('MySQL', codeOf(error), 'Start it, and check host, port, user, password and database in DATABASE_URL.'),
    ]
  } finally {
    await server.close()
  }
}

async function redis({ REDIS_URL }: WorkerEnvironment): Promise<Finding[]> {
  try {
    const servers = redisServers(redisAddress(REDIS_URL))
    return judgeRedis(servers.form, await redisFacts(servers), Date.now())
  } catch (error) {
    return [wrong('Redis', codeOf(error), 'Start it, and check host, port and password in REDIS_URL.')]
  }
}

async function llm(environment: WorkerEnvironment): Promise<Finding[]> {
  const { LLM_BASE_URL, LLM_MODEL } = environment
  if (LLM_BASE_URL === undefined || LLM_MODEL === undefined) {
    return [good('LLM', `none is configured: ${offlineAnalyst().model} answers`)]
  }
  const model = openAiCompatible({
    base_url: LLM_BASE_URL,
    model: LLM_MODEL,
    api_key: environment.LLM_API_KEY,
    temperature: environment.LLM_TEMPERATURE,
    extra_body: environment.LLM_EXTRA_BODY,
  })
  return judgeLlm(model, HELLO, environment.ENGINEER_CHAT_AI_TIMEOUT * 1_000)
}

const AT = '2026-01-01T00:00:00.000Z'
const event: ReplyContext['event'] = {
  event_id: 'doctor',
  event_name: 'Doctor',
  message: '',
  context: '',
  severity: 'low',
  source: 'doctor',
  event_status: 'pending',
  access: 'open',
  seq: 0,
  summary_version: null,
  created_by: null,
  created_at: AT,
  updated_at: AT,
}
const question = 'Count from one to five, in words, and say nothing else.'

const HELLO: Parameters<Llm['stream']>[0] = {
  turns: [{ role: 'user', content: question }],
  context: { event, summary: null, summary_updated: false, history: [], question },
  language: 'en',
}

/** A driver's text may hold a password's host; its code doesn't. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'does not answer'
