/**
 * While one read is under way, those who ask gather; when it returns, all of them share the next one. So whoever asks gets
 * what was read after they asked, and a crowd takes two reads.
 */
export function coalesceReads<A, R>(read: (all: A[]) => Promise<(one: A) => R>): (one: A) => Promise<R> {
  let waiting: Array<{ one: A } & PromiseWithResolvers<R>> = []
  let isReading = false

  const readOn = async () => {
    isReading = true
    while (waiting.length > 0) {
      const asked = waiting
      waiting = []
      try {
        const found = await read(asked.map(({ one }) => one))
        for (const { one, resolve } of asked) resolve(found(one))
      } catch (error) {
        for (const { reject } of asked) reject(error)
      }
    }
    isReading = false
  }
  return (one) => {
    const answer = { one, ...Promise.withResolvers<R>() }
    waiting.push(answer)
    if (!isReading) void readOn()
    return answer.promise
  }
}
