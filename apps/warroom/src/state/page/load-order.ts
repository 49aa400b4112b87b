interface Loads {
  startedCount: number
  /** Holds the number of the latest load whose result was used. */
  usedNumber: number
}

/**
 * Keeps the loads of a value in order, because responses may arrive out of order. Call the returned function when a
 * load begins. Its result says whether what was loaded may be used: not after the result of a later load was used.
 * Values with different keys have separate orders.
 */
export function createLoadOrder(): (key?: string) => () => boolean {
  const loadsByKey = new Map<string, Loads>()
  return (key = '') => {
    const loads = loadsByKey.get(key) ?? { startedCount: 0, usedNumber: 0 }
    loadsByKey.set(key, loads)
    loads.startedCount += 1
    const number = loads.startedCount
    return () => {
      if (number < loads.usedNumber) return false
      loads.usedNumber = number
      return true
    }
  }
}
