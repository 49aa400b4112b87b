import { setTimeout as sleep } from 'node:timers/promises'
import { type Product, type Running, startProductOn } from '@engineer-chat/proof'
import { type Balancer, openBalancer } from '../net/balancer.ts'
import { type Link, openLink } from '../net/link.ts'
import type { Random } from '../random.ts'
import { type Llm, startLlm } from './llm.ts'
import { type ChaosRedis, openRedis, type RedisForm } from './redis.ts'
import { openSlot, type Slot } from './slot.ts'

export interface ClusterOptions {
  apis: number
  workers: number
  redis: RedisForm
  random: Random
  onDeath(name: string, code: number | string, log: string[]): void
  onFailure(text: string): undefined
}

/** The product in real processes, with something that can be broken on every way between two of them. */
export interface Cluster {
  /** What clients know: the balancer. */
  readonly url: string
  readonly product: Product<ChaosRedis>
  readonly llm: Llm
  readonly slots: Slot[]
  readonly links: Link[]
  /** Every line that any process has logged. */
  log(): string[]
  stop(): Promise<void>
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { apis, workers, onDeath, onFailure } = options
  const llm = await startLlm(options.random.branch('llm'))
  const product = await startProductOn(await openRedis(options.redis), {
    apis: 0,
    workers: 0,
    env: {
      LLM_API_KEY: 'k',
      LLM_MODEL: 'chaos-1',
      ENGINEER_CHAT_AI_TIMEOUT: '4',
      ACCESS_TOKEN_TTL: '86400',
      SHUTDOWN_GRACE_MS: '4000',
    },
  })
  const slots: Slot[] = []
  const clients: Link[] = []

  const open = async (role: 'api' | 'worker', number: number) => {
    const name = `${role}-${number}`
    const mysql = await openLink(`${name}→mysql`, Number(new URL(product.mysql.url).port))
    const redis = await openRedisLink(name, product.redis)
    const llmLink = role === 'worker' ? [await openLink(`${name}→llm`, llm.port)] : []
    const client = role === 'api' ? [await openLink(`client→${name}`)] : []
    clients.push(...client)
    const env = {
      DATABASE_URL: through(product.mysql.url, mysql),
      ...(redis[0] ? { REDIS_URL: through(product.redis.url, redis[0]) } : {}),
      ...(llmLink[0] ? { LLM_BASE_URL: `http://127.0.0.1:${llmLink[0].port}/v1` } : {}),
    }
    const start = async (more: Record<string, string> = {}): Promise<Running> => {
      if (role === 'worker') return product.startWorker({ ...env, ...more })
      const node = await product.startApi({ ...env, ...more })
      for (const link of client) link.target = Number(new URL(node.url).port)
      return node
    }
    slots.push(
      await openSlot({ name, role, links: [...client, mysql, ...redis, ...llmLink], start, onDeath, onFailure }),
    )
  }
  for (let i = 1; i <= apis; i++) await open('api', i)
  await Promise.all(Array.from({ length: workers }, (_, i) => open('worker', i + 1)))
  slots.sort((a, b) => (a.name < b.name ? -1 : 1))
  const balancer = await openBalancer(clients)
  const links = slots.flatMap((slot) => slot.links)
  return {
    url: balancer.url,
    product,
    llm,
    slots,
    links,
    log: () => [...product.apis, ...product.workers].flatMap((running) => running.log),
    stop: () => stop({ product, llm, slots, links, balancer }),
  }
}

/** Sentinels and clusters say themselves where their servers are: nothing can stand on the way to them. */
async function openRedisLink(name: string, { form, url }: ChaosRedis): Promise<Link[]> {
  return form === 'single' ? [await openLink(`${name}→redis`, Number(new URL(url).port))] : []
}

function through(url: string, link: Link): string {
  const there = new URL(url)
  there.port = String(link.port)
  return there.href
}

async function stop(parts: {
  product: Product<ChaosRedis>
  llm: Llm
  slots: Slot[]
  links: Link[]
  balancer: Balancer
}) {
  for (const slot of parts.slots) {
    slot.end()
    slot.thaw()
  }
  await parts.balancer.close()
  await parts.product.stop()
  await Promise.all(parts.links.map((link) => link.close()))
  await parts.llm.close()
  await sleep(0)
}
