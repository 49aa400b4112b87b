import { type FocusEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type EventGroups, groupByUrgency, type ListItem } from '../../state/events/urgency.ts'

/** After this time without a movement of the pointer, the list is sorted again. */
const POINTER_IDLE_MS = 10_000

/**
 * Groups the events by urgency. No event moves while the reader points at the list, the focus is in it, or
 * `isOrderFixed` is true, so that a click reaches the intended event. The handlers belong to the list's element.
 */
export function useEventGroups(items: readonly ListItem[], isOrderFixed: boolean) {
  const { isInteracting, handlers } = useInteraction()
  const lastGroups = useRef<EventGroups>(undefined)
  const groups = useMemo(
    () => groupByUrgency(items, isInteracting || isOrderFixed ? lastGroups.current : undefined),
    [items, isInteracting, isOrderFixed],
  )
  useLayoutEffect(() => {
    lastGroups.current = groups
  }, [groups])
  return { ...groups, handlers }
}

/** Tells whether the reader is using the list with the pointer or with the keyboard. */
function useInteraction() {
  const [hasPointer, setHasPointer] = useState(false)
  const [hasFocus, setHasFocus] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const handlePointer = () => {
    setHasPointer(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setHasPointer(false), POINTER_IDLE_MS)
  }
  return {
    isInteracting: hasPointer || hasFocus,
    handlers: {
      onPointerMove: handlePointer,
      onPointerDown: handlePointer,
      // On a touch screen the pointer leaves after each touch, and another touch may follow.
      onPointerLeave: ({ pointerType }: PointerEvent) => {
        if (pointerType === 'mouse') setHasPointer(false)
      },
      onFocus: () => setHasFocus(true),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) =>
        setHasFocus(relatedTarget instanceof Node && currentTarget.contains(relatedTarget)),
    },
  }
}
