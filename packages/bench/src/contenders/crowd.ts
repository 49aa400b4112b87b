import { DIALECTS } from '../crowd/dialects.ts'
import { type CrowdAnswer, type CrowdCommand, machineNow } from '../crowd/protocol.ts'
import { CrowdSocket } from '../crowd/socket.ts'
import { quantile } from '../measure/quantiles.ts'

const groups = new Map<string, CrowdSocket[]>()
/** When each delivery came, or how late each stamp in it was. */
let heard: number[] = []
let stamped = false
let awaited: { deliveries: number; resolve(): void } | undefined

/** `~<ms>~`: when the provider wrote it. */
const STAMP = /~(\d+\.\d+)~/g

function deliver(frame: Buffer): void {
  const now = machineNow()
  if (stamped) for (const [, at] of frame.toString('latin1').matchAll(STAMP)) heard.push(now - Number(at))
  else heard.push(now)
  if (awaited && heard.length >= awaited.deliveries) awaited.resolve()
}

async function open(command: CrowdCommand & { type: 'open' }): Promise<CrowdAnswer> {
  const begin = performance.now()
  const sockets: CrowdSocket[] = []
  groups.set(command.group, sockets)
  const waiting = [...command.seats]
  const sit = async () => {
    for (let seat = waiting.shift(); seat; seat = waiting.shift()) {
      const socket = new CrowdSocket(new URL(command.url), DIALECTS[command.dialect], seat, deliver)
      sockets.push(socket)
      await socket.ready
      socket.ready.catch(() => {})
    }
  }
  await Promise.all(Array.from({ length: command.at_once }, sit))
  return { elapsed_ms: performance.now() - begin }
}

async function obey(command: CrowdCommand): Promise<CrowdAnswer> {
  if (command.type === 'open') return open(command)
  if (command.type === 'close') {
    for (const socket of groups.get(command.group) ?? []) socket.close()
    groups.delete(command.group)
  }
  if (command.type === 'listen') {
    heard = []
    stamped = command.stamped
  }
  if (command.type === 'heard') {
    const { deliveries, published_at } = command
    if (heard.length < deliveries) await new Promise<void>((resolve) => (awaited = { deliveries, resolve }))
    awaited = undefined
    const late = heard.map((at) => at - published_at)
    const last = late.reduce((latest, ms) => Math.max(latest, ms), 0)
    heard = []
    return { elapsed_ms: last, deliveries: late.length, p50_ms: quantile(late, 0.5), p99_ms: quantile(late, 0.99) }
  }
  return { deliveries: heard.length, p50_ms: quantile(heard, 0.5), p99_ms: quantile(heard, 0.99) }
}

let work = Promise.resolve()
process.on('message', (command: CrowdCommand) => {
  work = work
    .then(() => obey(command))
    .catch((error: unknown): CrowdAnswer => ({ error: String(error) }))
    .then((answer) => void process.send?.(answer))
})
process.on('disconnect', () => process.exit(0))
console.log('ready crowd')
