import { useLayoutEffect, useRef } from 'react'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'

/** Returns true while rows are added at the beginning, so that the list keeps its distance from the end. */
export function useAreRowsPrepended(rows: TimelineRow[]): boolean {
  const before = useRef<{ first?: string; last?: string }>({})
  const [first, last] = [rows[0]?.key, rows.at(-1)?.key]
  const isPrepended =
    before.current.first !== undefined && before.current.first !== first && before.current.last === last
  useLayoutEffect(() => {
    before.current = { first, last }
  }, [first, last])
  return isPrepended
}

/** Returns a new number when all rows have been replaced, because the list must then forget the measured sizes. */
export function useGeneration(rows: TimelineRow[]): number {
  const before = useRef({ first: 0, last: 0, generation: 0 })
  const [first, last] = [findFirstPosition(rows), findPosition(rows, rows.length - 1)]
  const isOtherList =
    before.current.last > 0 && last > 0 && (first > before.current.last || last < before.current.first)
  const generation = before.current.generation + (isOtherList ? 1 : 0)
  useLayoutEffect(() => {
    before.current = { first, last, generation }
  }, [first, last, generation])
  return generation
}

const findFirstPosition = (rows: TimelineRow[]): number =>
  rows.find((row) => row.kind === 'message')?.message.position ?? 0

export function findPosition(rows: TimelineRow[], index: number): number {
  for (let rowIndex = index; rowIndex >= 0; rowIndex -= 1) {
    const row = rows[rowIndex]
    if (row?.kind === 'message') return row.message.position
  }
  return 0
}
