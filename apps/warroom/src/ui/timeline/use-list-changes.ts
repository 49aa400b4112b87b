import { useLayoutEffect, useRef } from 'react'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'

/**
 * Returns true if rows have been added at the beginning since the last render. The list then keeps its distance from
 * the end.
 */
export function useAreRowsPrepended(rows: TimelineRow[]): boolean {
  const previous = useRef<{ firstKey?: string; lastKey?: string }>({})
  const firstKey = rows[0]?.key
  const lastKey = rows.at(-1)?.key
  const hasNewFirst = previous.current.firstKey !== undefined && previous.current.firstKey !== firstKey
  const arePrepended = hasNewFirst && previous.current.lastKey === lastKey
  useLayoutEffect(() => {
    previous.current = { firstKey, lastKey }
  }, [firstKey, lastKey])
  return arePrepended
}

/** Returns a higher number when all messages have been replaced, because the list must then forget measured sizes. */
export function useGeneration(rows: TimelineRow[]): number {
  const previous = useRef({ firstPosition: 0, lastPosition: 0, generation: 0 })
  const firstPosition = findFirstPosition(rows)
  const lastPosition = findLastPosition(rows)
  const hadMessages = previous.current.lastPosition > 0
  const hasMessages = lastPosition > 0
  const isOverlapping = firstPosition <= previous.current.lastPosition && lastPosition >= previous.current.firstPosition
  const areAllReplaced = hadMessages && hasMessages && !isOverlapping
  const generation = previous.current.generation + (areAllReplaced ? 1 : 0)
  useLayoutEffect(() => {
    previous.current = { firstPosition, lastPosition, generation }
  }, [firstPosition, lastPosition, generation])
  return generation
}

/** Returns the position of the first message, or 0 if there is none. */
const findFirstPosition = (rows: TimelineRow[]): number =>
  rows.find((row) => row.kind === 'message')?.message.position ?? 0

/** Returns the position of the last message, or 0 if there is none. */
export const findLastPosition = (rows: TimelineRow[]): number =>
  rows.findLast((row) => row.kind === 'message')?.message.position ?? 0
