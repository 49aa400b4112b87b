import { DIALECTS } from '../crowd/dialects.ts'
import { type CrowdAnswer, type CrowdCommand, machineNow } from '../crowd/protocol.ts'
import { CrowdSocket } from '../crowd/socket.ts'
import { quantile } from '../measure/quantiles.ts'

const groups = new Map<string, CrowdSocket[]>()
/** Has the time of each delivery or, if they are stamped, the delay of each stamp. */
let deliveryTimes: number[] = []
let isStamped = false
let awaited: { deliveries: number; resolve(): void } | undefined

/** Matches `~<ms>~`, the time when the provider wrote a piece. */
const STAMP = /~(\d+\.\d+)~/g

function deliver(frame: Buffer): void {
  const now = machineNow()
  if (isStamped) for (const [, at] of frame.toString('latin1').matchAll(STAMP)) deliveryTimes.push(now - Number(at))
  else deliveryTimes.push(now)
  if (awaited && deliveryTimes.length >= awaited.deliveries) awaited.resolve()
}

async function open(command: CrowdCommand & { type: 'open' }): Promise<CrowdAnswer> {
  const begin = performance.now()
  const sockets: CrowdSocket[] = []
  groups.set(command.group, sockets)
  const waiting = [...command.seats]
  const connectNext = async () => {
    for (let seat = waiting.shift(); seat; seat = waiting.shift()) {
      const socket = new CrowdSocket(new URL(command.url), DIALECTS[command.dialect], seat, deliver)
      sockets.push(socket)
      await socket.ready
      socket.ready.catch(() => {})
    }
  }
  await Promise.all(Array.from({ length: command.at_once }, connectNext))
  return { elapsed_ms: performance.now() - begin }
}

async function handle(command: CrowdCommand): Promise<CrowdAnswer> {
  if (command.type === 'open') return open(command)
  if (command.type === 'close') {
    for (const socket of groups.get(command.group) ?? []) socket.close()
    groups.delete(command.group)
  }
  if (command.type === 'listen') {
    deliveryTimes = []
    isStamped = command.stamped
  }
  if (command.type === 'heard') {
    const { deliveries, published_at } = command
    if (deliveryTimes.length < deliveries) await new Promise<void>((resolve) => (awaited = { deliveries, resolve }))
    awaited = undefined
    const late = deliveryTimes.map((at) => at - published_at)
    const last = late.reduce((latest, ms) => Math.max(latest, ms), 0)
    deliveryTimes = []
    return { elapsed_ms: last, deliveries: late.length, p50_ms: quantile(late, 0.5), p99_ms: quantile(late, 0.99) }
  }
  return {
    deliveries: deliveryTimes.length,
    p50_ms: quantile(deliveryTimes, 0.5),
    p99_ms: quantile(deliveryTimes, 0.99),
  }
}

let work = Promise.resolve()
process.on('message', (command: CrowdCommand) => {
  work = work
    .then(() => handle(command))
    .catch((error: unknown): CrowdAnswer => ({ error: String(error) }))
    .then((answer) => void process.send?.(answer))
})
process.on('disconnect', () => process.exit(0))
console.log('ready crowd')
