import { waitUntil } from '@engineer-chat/proof'
import t from 'tap'
import { startCluster } from '../src/cluster/cluster.ts'
import { REDIS_FORMS } from '../src/cluster/redis.ts'
import { createRandom } from '../src/random.ts'

for (const form of REDIS_FORMS) {
  t.test(`[CHAOS7] a process’s ways to Redis (${form}) and MySQL can be broken for it alone`, async (t) => {
    const onDeath = (name: string, code: number | string, log: string[]) =>
      t.fail(`${name} ended with ${code}: ${log.slice(-20).join('\n')}`)
    const onFailure = (text: string): undefined => void t.fail(text)
    const sizes = { apis: 2, workers: 0, redis: form }
    const cluster = await startCluster({ ...sizes, random: createRandom(1), onDeath, onFailure })
    t.teardown(() => cluster.stop())
    const link = (name: string) => {
      const found = cluster.links.find((one) => one.name === name)
      if (!found) throw new Error(`there is no ${name}`)
      return found
    }
    const says = async (node: number, what: string) => {
      const url = `${cluster.product.apis[node]?.url}/readyz`
      const isSaid = async () => (await (await fetch(url).catch(() => undefined))?.text())?.includes(what)
      t.ok(await waitUntil(`api-${node + 1} says ${what}`, isSaid), `api-${node + 1} says ${what}`)
    }
    const [ready, away] = ['"redis":"ready"', '"redis":"down"']
    await Promise.all([says(0, ready), says(1, ready)])
    // Cuts that follow each other at once hit connections that have hardly come back.
    for (const fault of ['cut', 'cut', 'cut', 'cut', 'stall', 'half-open'] as const) {
      link('api-1→redis').break(fault)
      await says(0, away)
      await says(1, ready)
      link('api-1→redis').heal()
      await says(0, ready)
    }
    link('api-2→mysql').break('cut')
    await says(1, '"mysql":"down"')
    await says(0, '"mysql":"ready"')
    link('api-2→mysql').heal()
    await says(1, '"mysql":"ready"')
    const lines = cluster.log().filter((line) => !line.startsWith('{'))
    t.same(lines, [], 'whatever is said of it is a line of the log')
  })
}
