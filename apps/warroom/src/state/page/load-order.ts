/** Describes the loads with one key. They are numbered in the order in which they begin. */
interface Loads {
  startedCount: number
  /** Holds the number of the latest load whose result was used; 0 if there is none. */
  usedNumber: number
}

/**
 * Creates the function `registerLoad`, which is called when a load begins, because responses may arrive out of order.
 * It returns `isNewestResult`, which is called before the load's result is used: false means that the result of a later
 * load has already been used. Loads with different keys have separate orders.
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
