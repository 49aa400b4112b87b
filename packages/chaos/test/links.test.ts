import { waitUntil } from '@engineer-chat/proof'
import t from 'tap'
import { createRandom } from '../src/random.ts'
import { REDIS_TOPOLOGIES } from '../src/testbed/redis.ts'
import { startTestbed } from '../src/testbed/testbed.ts'

t.setTimeout(480_000) // Each topology of Redis starts its own servers.

for (const topology of REDIS_TOPOLOGIES) {
  t.test(
    `[CHAOS7] the links of one process to Redis (${topology}) and MySQL can be broken while those of another process work`,
    async (t) => {
      const onDeath = (name: string, code: number | string, log: string[]) =>
        t.fail(`${name} ended with ${code}: ${log.slice(-20).join('\n')}`)
      const onStartFailure = (text: string) => t.fail(text)
      const sizes = { apis: 2, workers: 0, redis: topology }
      const testbed = await startTestbed({ ...sizes, random: createRandom(1), onDeath, onStartFailure })
      t.teardown(() => testbed.stop())
      const getLink = (name: string) => {
        const link = testbed.links.find((candidate) => candidate.name === name)
        if (!link) throw new Error(`There is no link ${name}.`)
        return link
      }
      const waitUntilReports = async (nodeIndex: number, state: string) => {
        const url = `${testbed.product.apis[nodeIndex]?.url}/readyz`
        const isReported = async () => {
          const response = await fetch(url).catch(() => undefined)
          return (await response?.text())?.includes(state)
        }
        const condition = `api-${nodeIndex + 1} reports ${state}`
        t.ok(await waitUntil(condition, isReported), condition)
      }
      const [ready, down] = ['"redis":"ready"', '"redis":"down"']
      await Promise.all([waitUntilReports(0, ready), waitUntilReports(1, ready)])
      // Cuts in quick succession hit connections that have just been opened again.
      for (const fault of ['cut', 'cut', 'cut', 'cut', 'stall', 'half-open'] as const) {
        getLink('api-1→redis').break(fault)
        await waitUntilReports(0, down)
        await waitUntilReports(1, ready)
        getLink('api-1→redis').heal()
        await waitUntilReports(0, ready)
      }
      getLink('api-2→mysql').break('cut')
      await waitUntilReports(1, '"mysql":"down"')
      await waitUntilReports(0, '"mysql":"ready"')
      getLink('api-2→mysql').heal()
      await waitUntilReports(1, '"mysql":"ready"')
      const lines = testbed.listLogLines().filter((line) => !line.startsWith('{'))
      t.same(lines, [], 'every line that the processes print is a JSON log line')
    },
  )
}
