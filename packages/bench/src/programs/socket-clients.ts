import { quantile } from '../measure/quantiles.ts'
import { ClientSocket } from '../socket-clients/client-socket.ts'
import { DIALECTS } from '../socket-clients/dialects.ts'
import { type ClientRequest, type ClientResponse, readMachineClockMs } from '../socket-clients/requests.ts'

const socketGroups = new Map<string, ClientSocket[]>()
/** Holds the arrival time of each delivery by the machine's clock or, if `isStamped`, the delay of each piece. */
let deliveryTimesMs: number[] = []
let isStamped = false
let pendingWait: { deliveries: number; resolve(): void } | undefined

/** Matches `~<ms>~`, the time when `provider` or `delta-writer` wrote a piece. */
const STAMP = /~(\d+\.\d+)~/g

function onDelivery(payload: Buffer): void {
  const nowMs = readMachineClockMs()
  if (isStamped) {
    for (const [, stampMs] of payload.toString('latin1').matchAll(STAMP)) deliveryTimesMs.push(nowMs - Number(stampMs))
  } else deliveryTimesMs.push(nowMs)
  if (pendingWait && deliveryTimesMs.length >= pendingWait.deliveries) pendingWait.resolve()
}

async function openSockets(request: ClientRequest & { type: 'open' }): Promise<ClientResponse> {
  const startedAtMs = performance.now()
  const sockets: ClientSocket[] = []
  socketGroups.set(request.group, sockets)
  const pending = [...request.subscriptions]
  const connectNext = async () => {
    for (let subscription = pending.shift(); subscription; subscription = pending.shift()) {
      const socket = new ClientSocket(new URL(request.url), DIALECTS[request.dialect], subscription, onDelivery)
      sockets.push(socket)
      await socket.ready
    }
  }
  await Promise.all(Array.from({ length: request.maxConcurrent }, connectNext))
  return { elapsedMs: performance.now() - startedAtMs }
}

function closeSockets(group: string): ClientResponse {
  for (const socket of socketGroups.get(group) ?? []) socket.close()
  socketGroups.delete(group)
  return {}
}

function startCounting(request: ClientRequest & { type: 'startCounting' }): ClientResponse {
  deliveryTimesMs = []
  isStamped = request.isStamped
  return {}
}

async function waitForDeliveries(deliveries: number, publishedAtMs: number): Promise<ClientResponse> {
  if (deliveryTimesMs.length < deliveries) {
    await new Promise<void>((resolve) => {
      pendingWait = { deliveries, resolve }
    })
  }
  pendingWait = undefined
  const delaysMs = deliveryTimesMs.map((deliveredAtMs) => deliveredAtMs - publishedAtMs)
  deliveryTimesMs = []
  return { elapsedMs: delaysMs.reduce((latest, ms) => Math.max(latest, ms), 0), ...summarize(delaysMs) }
}

const summarize = (delaysMs: number[]) => ({
  deliveries: delaysMs.length,
  p50Ms: quantile(delaysMs, 0.5),
  p99Ms: quantile(delaysMs, 0.99),
})

async function runRequest(request: ClientRequest): Promise<ClientResponse> {
  switch (request.type) {
    case 'open':
      return openSockets(request)
    case 'close':
      return closeSockets(request.group)
    case 'startCounting':
      return startCounting(request)
    case 'waitForDeliveries':
      return waitForDeliveries(request.deliveries, request.publishedAtMs)
    case 'readDeliveries':
      return summarize(deliveryTimesMs)
    default:
      return request satisfies never
  }
}

// Requests run one after another. Each of them gets a response, also if it fails.
let lastRequest = Promise.resolve()
process.on('message', (request: ClientRequest) => {
  lastRequest = lastRequest
    .then(() => runRequest(request))
    .catch((error: unknown): ClientResponse => ({ error: String(error) }))
    .then((response) => void process.send?.(response))
})
process.on('disconnect', () => process.exit(0))
console.log('ready clients')
