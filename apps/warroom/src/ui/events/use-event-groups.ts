import { type FocusEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type EventGroups, groupByUrgency, type ListItem } from '../../state/events/urgency.ts'

/** A pointer that rests for longer is no longer about to click. */
const POINTER_HOLD_MS = 10_000

/**
 * Groups the events by urgency. No event moves while the reader points at the list, the focus is in it, or `keepsOrder`
 * is true, so that the next click goes to the event that is seen. The handlers belong to the list's element.
 */
export function useEventGroups(items: readonly ListItem[], keepsOrder: boolean) {
  const { isHeld, handlers } = useHold()
  const shown = useRef<EventGroups>(undefined)
  const groups = useMemo(
    () => groupByUrgency(items, isHeld || keepsOrder ? shown.current : undefined),
    [items, isHeld, keepsOrder],
  )
  useLayoutEffect(() => {
    shown.current = groups
  }, [groups])
  return { ...groups, handlers }
}

function useHold() {
  const [isPointed, setIsPointed] = useState(false)
  const [isFocused, setIsFocused] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const hold = () => {
    setIsPointed(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setIsPointed(false), POINTER_HOLD_MS)
  }
  return {
    isHeld: isPointed || isFocused,
    handlers: {
      onPointerMove: hold,
      onPointerDown: hold,
      // On a touch screen the pointer leaves after each touch, and another touch may follow.
      onPointerLeave: ({ pointerType }: PointerEvent) => pointerType === 'mouse' && setIsPointed(false),
      onFocus: () => setIsFocused(true),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) =>
        setIsFocused(relatedTarget instanceof Node && currentTarget.contains(relatedTarget)),
    },
  }
}
