import { Counter, Gauge, type Registry } from 'prom-client'

/** Creates a gauge that is read at each scrape. Values that can't be read at that moment are left out. */
export function createGauge<L extends string>(
  registry: Registry,
  { name, help, labels = [] }: { name: string; help: string; labels?: L[] },
  read: () => Promise<Array<[Record<L, string>, number]>> | Array<[Record<L, string>, number]>,
): void {
  new Gauge<L>({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      this.reset()
      const values = await Promise.resolve(read()).catch(() => [])
      for (const [label, value] of values) this.set(label, value)
    },
  })
}

export function createCounter<L extends string>(registry: Registry, name: string, help: string, labelNames: L[] = []) {
  return new Counter<L>({ name, help, labelNames, registers: [registry] })
}
