import { type RedisEndpoint, sendCommand } from './send-command.ts'

export interface Owner extends RedisEndpoint {
  id: string
}

const KEYS_PER_BATCH = 200

/**
 * Gives the slots that `from` has in use, by a channel with a subscriber or by a key, to `to`, as an operator does who
 * rebalances a cluster in use. Returns how many they were. @throws Error with a server's refusal
 */
export async function moveSlotsInUse(from: Owner, to: Owner, all: Owner[]): Promise<number> {
  const others = all.filter((node) => node !== from && node !== to)
  const slots = await listSlotsInUse(from)
  for (const slot of slots) {
    await moveSlot(slot, from, to).catch(async (error) => {
      // A half moved slot refuses commands of several keys until somebody repairs it.
      for (const node of [from, to]) await sendCommand(node, `CLUSTER SETSLOT ${slot} STABLE`)
      throw error
    })
    for (const node of others) await sendCommand(node, `CLUSTER SETSLOT ${slot} NODE ${to.id}`)
  }
  return slots.length
}

async function moveSlot(slot: number, from: Owner, to: Owner): Promise<void> {
  await sendChecked(to, `CLUSTER SETSLOT ${slot} IMPORTING ${from.id}`)
  await sendChecked(from, `CLUSTER SETSLOT ${slot} MIGRATING ${to.id}`)
  for (;;) {
    const keys = parseBulkStrings(await sendCommand(from, `CLUSTER GETKEYSINSLOT ${slot} ${KEYS_PER_BATCH}`))
    if (keys.length === 0) break
    await sendChecked(
      from,
      `MIGRATE 127.0.0.1 ${to.port} "" 0 5000 AUTH ${to.password} KEYS ${keys.map(quote).join(' ')}`,
    )
  }
  // The new owner gets the slot first, so that no server believes that it has none.
  for (const node of [to, from]) await sendChecked(node, `CLUSTER SETSLOT ${slot} NODE ${to.id}`)
}

async function listSlotsInUse(from: RedisEndpoint): Promise<number[]> {
  const channels = parseBulkStrings(await sendCommand(from, 'PUBSUB SHARDCHANNELS'))
  const keys = parseBulkStrings(await sendCommand(from, 'KEYS *'))
  const slots = new Set<number>()
  for (const name of [...channels, ...keys]) {
    slots.add(Number(/^:(\d+)/.exec(await sendCommand(from, `CLUSTER KEYSLOT ${quote(name)}`))?.[1]))
  }
  return [...slots].filter(Number.isSafeInteger)
}

async function sendChecked(node: Owner, command: string): Promise<void> {
  const answer = await sendCommand(node, command)
  if (!/^\+(OK|NOKEY)/.test(answer)) throw new Error(`${command.slice(0, 60)}: ${answer || 'no answer'}`)
}

const parseBulkStrings = (answer: string): string[] =>
  [...answer.matchAll(/\$\d+\r\n([^\r\n]*)\r\n/g)].map(([, text = '']) => text)

const quote = (text: string): string => JSON.stringify(text)
