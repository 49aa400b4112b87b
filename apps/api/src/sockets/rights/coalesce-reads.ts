/**
 * Combines the calls that come during a read into one next read. Each call gets data that was read after it came, and
 * any number of simultaneous calls takes two reads.
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
