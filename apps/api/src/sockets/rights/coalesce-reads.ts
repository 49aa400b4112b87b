/**
 * Combines the calls that arrive during a read into a single next read. So each call gets data that was read after the
 * call began. Any number of simultaneous calls causes two reads at most.
 */
export function coalesceReads<Key, Value>(
  read: (keys: Key[]) => Promise<(key: Key) => Value>,
): (key: Key) => Promise<Value> {
  let waiting: Array<{ key: Key } & PromiseWithResolvers<Value>> = []
  let isReading = false

  const readAllWaiting = async () => {
    isReading = true
    while (waiting.length > 0) {
      const calls = waiting
      waiting = []
      try {
        const findValue = await read(calls.map(({ key }) => key))
        for (const { key, resolve } of calls) resolve(findValue(key))
      } catch (error) {
        for (const { reject } of calls) reject(error)
      }
    }
    isReading = false
  }
  return (key) => {
    const call = { key, ...Promise.withResolvers<Value>() }
    waiting.push(call)
    if (!isReading) void readAllWaiting()
    return call.promise
  }
}
