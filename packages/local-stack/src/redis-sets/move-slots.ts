import { type RedisEndpoint, sendCommand } from './send-command.ts'

export interface SlotOwner extends RedisEndpoint {
  id: string
}

const KEYS_PER_BATCH = 200

/**
 * Gives the slots that `source` has in use, by a key or by a channel with a subscriber, to `target`, as a rebalancing does.
 * Returns their number. @throws Error with the refusal of a server
 */
export async function moveSlotsInUse(source: SlotOwner, target: SlotOwner, owners: SlotOwner[]): Promise<number> {
  const others = owners.filter((node) => node !== source && node !== target)
  const slots = await listSlotsInUse(source)
  for (const slot of slots) {
    await moveSlot(slot, source, target).catch(async (error) => {
      // A slot that is moved in part refuses commands with several keys until it is repaired.
      for (const node of [source, target]) await sendCommand(node, `CLUSTER SETSLOT ${slot} STABLE`)
      throw error
    })
    for (const node of others) await sendCommand(node, `CLUSTER SETSLOT ${slot} NODE ${target.id}`)
  }
  return slots.length
}

async function moveSlot(slot: number, source: SlotOwner, target: SlotOwner): Promise<void> {
  await sendChecked(target, `CLUSTER SETSLOT ${slot} IMPORTING ${source.id}`)
  await sendChecked(source, `CLUSTER SETSLOT ${slot} MIGRATING ${target.id}`)
  for (;;) {
    const keys = parseBulkStrings(await sendCommand(source, `CLUSTER GETKEYSINSLOT ${slot} ${KEYS_PER_BATCH}`))
    if (keys.length === 0) break
    await sendChecked(
      source,
      `MIGRATE 127.0.0.1 ${target.port} "" 0 5000 AUTH ${target.password} KEYS ${keys.map(quote).join(' ')}`,
    )
  }
  // The new owner gets the slot first, so that no server believes that it has none.
  for (const node of [target, source]) await sendChecked(node, `CLUSTER SETSLOT ${slot} NODE ${target.id}`)
}

async function listSlotsInUse(source: RedisEndpoint): Promise<number[]> {
  const channels = parseBulkStrings(await sendCommand(source, 'PUBSUB SHARDCHANNELS'))
  const keys = parseBulkStrings(await sendCommand(source, 'KEYS *'))
  const slots = new Set<number>()
  for (const name of [...channels, ...keys]) {
    slots.add(Number(/^:(\d+)/.exec(await sendCommand(source, `CLUSTER KEYSLOT ${quote(name)}`))?.[1]))
  }
  return [...slots].filter(Number.isSafeInteger)
}

async function sendChecked(node: SlotOwner, command: string): Promise<void> {
  const answer = await sendCommand(node, command)
  if (!/^\+(OK|NOKEY)/.test(answer)) throw new Error(`${command.slice(0, 60)}: ${answer || 'no answer'}`)
}

const parseBulkStrings = (answer: string): string[] =>
  [...answer.matchAll(/\$\d+\r\n([^\r\n]*)\r\n/g)].map(([, text = '']) => text)

const quote = (text: string): string => JSON.stringify(text)
