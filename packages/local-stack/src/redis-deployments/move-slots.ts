import { type RedisEndpoint, sendCommand } from './send-command.ts'

export interface SlotOwner extends RedisEndpoint {
  id: string
}

const KEYS_PER_BATCH = 200
const MIGRATE_TIMEOUT_MS = 5_000

/**
 * Moves the used hash slots of `source` to `target`, as a rebalancing of a cluster does, and returns how many it moved.
 * A slot is used if it has a key or a sharded channel with a subscriber. @throws Error with the refusal of a server
 */
export async function moveUsedHashSlots(source: SlotOwner, target: SlotOwner, owners: SlotOwner[]): Promise<number> {
  const otherOwners = owners.filter((node) => node !== source && node !== target)
  const slots = await listUsedHashSlots(source)
  for (const slot of slots) {
    await moveSlot(slot, source, target).catch(async (error) => {
      // A slot whose keys are only partly moved refuses commands with several keys until it is repaired.
      for (const node of [source, target]) await sendCommand(node, `CLUSTER SETSLOT ${slot} STABLE`)
      throw error
    })
    for (const node of otherOwners) await sendCommand(node, `CLUSTER SETSLOT ${slot} NODE ${target.id}`)
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
      `MIGRATE 127.0.0.1 ${target.port} "" 0 ${MIGRATE_TIMEOUT_MS} AUTH ${target.password} KEYS ${keys.map(quote).join(' ')}`,
    )
  }
  // The new owner gets the command first, so that the slot always has an owner.
  for (const node of [target, source]) await sendChecked(node, `CLUSTER SETSLOT ${slot} NODE ${target.id}`)
}

async function listUsedHashSlots(source: RedisEndpoint): Promise<number[]> {
  const channels = parseBulkStrings(await sendCommand(source, 'PUBSUB SHARDCHANNELS'))
  const keys = parseBulkStrings(await sendCommand(source, 'KEYS *'))
  const slots = new Set<number>()
  for (const name of [...channels, ...keys]) {
    slots.add(Number(/^:(\d+)/.exec(await sendCommand(source, `CLUSTER KEYSLOT ${quote(name)}`))?.[1]))
  }
  return [...slots].filter(Number.isSafeInteger) // Without an answer, the number of the slot is NaN.
}

/** @throws Error if the server refuses the command or does not answer */
async function sendChecked(node: SlotOwner, command: string): Promise<void> {
  const answer = await sendCommand(node, command)
  // MIGRATE answers NOKEY if the keys have been removed meanwhile.
  if (!/^\+(OK|NOKEY)/.test(answer)) throw new Error(`${command.slice(0, 60)}: ${answer || 'no answer'}`)
}

const parseBulkStrings = (answer: string): string[] =>
  [...answer.matchAll(/\$\d+\r\n([^\r\n]*)\r\n/g)].map(([, text = '']) => text)

/** Quotes a key as an inline command of Redis requires it. */
const quote = (text: string): string => JSON.stringify(text)
