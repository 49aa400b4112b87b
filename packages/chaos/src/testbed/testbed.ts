import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Product, type RunningProcess, startProductWithRedis } from '@engineer-chat/proof'
import { type Balancer, openBalancer } from '../net/balancer.ts'
import { type Breakable, bundleLinks, type Link, openLink } from '../net/link.ts'
import type { Random } from '../random.ts'
import { type Llm, startLlm } from './llm.ts'
import { writeModelsFile } from './models.ts'
import { type ChaosRedis, getPort, openRedis, REDIS_SERVERS, type RedisTopology } from './redis.ts'
import { SupervisedProcess, type SupervisedProcessOptions } from './supervised-process.ts'

export interface TestbedOptions extends Pick<SupervisedProcessOptions, 'onDeath' | 'onStartFailure'> {
  apis: number
  workers: number
  redis: RedisTopology
  random: Random
}

/** Runs the product in real processes. Each process reaches each server through a link, which a fault can break. */
export interface Testbed {
  /** Holds the URL of the balancer, to which all clients connect. */
  readonly url: string
  readonly product: Product<ChaosRedis>
  readonly llm: Llm
  /** Lists the processes in the order of their names: first the API nodes, then the workers. */
  readonly processes: SupervisedProcess[]
  readonly links: Breakable[]
  /** Lists every line that any process has logged. */
  listLogLines(): string[]
  stop(): Promise<void>
}

const SKEWED_CLOCK_URL = new URL('./skewed-clock.ts', import.meta.url).href
const REROUTED_CONNECTIONS_URL = new URL('../net/rerouted-connections.ts', import.meta.url).href

export async function startTestbed(options: TestbedOptions): Promise<Testbed> {
  const { apis, workers, onDeath, onStartFailure } = options
  const llm = await startLlm(options.random.branch('llm'))
  const folder = await mkdtemp(join(tmpdir(), 'engineer-chat-chaos-'))
  const product = await startProductWithRedis(await openRedis(options.redis), {
    apis: 0,
    workers: 0,
    env: {
      LLM_MODELS_FILE: writeModelsFile(folder, llm.port),
      LLM_BREAKER_OPEN: '1', // After 1 s, one question tries a failed model again.
      ACCESS_TOKEN_TTL: '86400', // A token is valid for a day, so that no caller has to refresh it.
      SHUTDOWN_GRACE_MS: '4000',
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${SKEWED_CLOCK_URL} --import=${REROUTED_CONNECTIONS_URL}`,
    },
  })
  const processes: SupervisedProcess[] = []
  const allClientLinks: Link[] = []

  const openProcess = async (role: 'api' | 'worker', processNumber: number) => {
    const name = `${role}-${processNumber}`
    const { clientLinks, serverLinks, breakableLinks } = await openProcessLinks(name, role, product, llm)
    allClientLinks.push(...clientLinks)
    const env = {
      LLM_API_KEY: name, // The model knows each worker by its key.
      CHAOS_LINKS: JSON.stringify(Object.fromEntries(serverLinks.map(toPortPair))),
    }
    const start = async (additionalEnv: Record<string, string> = {}): Promise<RunningProcess> => {
      if (role === 'worker') return product.startWorker({ ...env, ...additionalEnv })
      const node = await product.startApi({ ...env, ...additionalEnv })
      for (const link of clientLinks) link.targetPort = Number(new URL(node.url).port)
      return node
    }
    processes.push(await SupervisedProcess.open({ name, role, links: breakableLinks, start, onDeath, onStartFailure }))
  }
  for (let i = 1; i <= apis; i++) await openProcess('api', i)
  await Promise.all(Array.from({ length: workers }, (_, i) => openProcess('worker', i + 1)))
  processes.sort((a, b) => (a.name < b.name ? -1 : 1))
  const balancer = await openBalancer(allClientLinks)
  const links = processes.flatMap(({ links }) => links)
  return {
    url: balancer.url,
    product,
    llm,
    processes,
    links,
    listLogLines: () => [...product.apis, ...product.workers].flatMap((running) => running.log),
    stop: () => stop({ product, llm, processes, links, balancer, folder }),
  }
}

/** Opens the links of a process: from clients to an API node, and from the process to each server that it uses. */
async function openProcessLinks(name: string, role: 'api' | 'worker', product: Product<ChaosRedis>, llm: Llm) {
  const mysqlLink = await openLink(`${name}→mysql`, getPort(product.mysql))
  const redisLinks = await openRedisLinks(name, product.redis)
  const llmLinks = role === 'worker' ? [await openLink(`${name}→llm`, llm.port)] : []
  const clientLinks = role === 'api' ? [await openLink(`client→${name}`)] : []
  const breakableRedisLinks =
    redisLinks.length === 1 ? redisLinks : [bundleLinks(`${name}→redis`, redisLinks), ...redisLinks]
  return {
    clientLinks,
    serverLinks: [mysqlLink, ...redisLinks, ...llmLinks],
    breakableLinks: [...clientLinks, mysqlLink, ...breakableRedisLinks, ...llmLinks],
  }
}

function openRedisLinks(name: string, { topology, servers }: ChaosRedis): Promise<Link[]> {
  return Promise.all(
    servers.map((server, index) => openLink(`${name}→${REDIS_SERVERS[topology][index]}`, getPort(server))),
  )
}

/** Pairs the port of a server with the port of the link to it, as `rerouted-connections.ts` reads them. */
const toPortPair = ({ targetPort, port }: Link) => [targetPort, port]

async function stop(parts: {
  product: Product<ChaosRedis>
  llm: Llm
  processes: SupervisedProcess[]
  links: Breakable[]
  balancer: Balancer
  folder: string
}) {
  for (const supervised of parts.processes) {
    supervised.close()
    supervised.unfreeze()
  }
  await parts.balancer.close()
  await parts.product.stop()
  await Promise.all(parts.links.map((link) => link.close()))
  await parts.llm.close()
  await rm(parts.folder, { recursive: true, force: true })
}
