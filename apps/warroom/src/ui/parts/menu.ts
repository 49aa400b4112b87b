import { type KeyboardEvent, type RefObject, type ToggleEvent, useEffect, useId, useRef, useState } from 'react'

/** The menu keeps this distance from the edges of the window. */
const EDGE_PX = 8
/** The menu keeps this distance from its button. */
const GAP_PX = 4

/** Returns the index of one of the menu's items, or -1 if none is found. */
type FindIndex = (items: HTMLElement[]) => number

/**
 * Puts a popover below its button, or above it if there is no space below. A popover is in the browser's top layer, so
 * the layout of the page does not position it.
 */
function placeAtButton(menu: HTMLElement, button: HTMLElement): void {
  const { left, top, bottom } = button.getBoundingClientRect()
  const maxLeftPx = innerWidth - menu.offsetWidth - EDGE_PX
  const fitsBelow = bottom + GAP_PX + menu.offsetHeight + EDGE_PX <= innerHeight
  const topPx = fitsBelow ? bottom + GAP_PX : Math.max(EDGE_PX, top - GAP_PX - menu.offsetHeight)
  menu.style.inset = `${topPx}px auto auto ${Math.max(EDGE_PX, Math.min(left, maxLeftPx))}px`
}

/** Moves the focus in an open menu with the arrow keys, Home and End. Tab closes the menu. */
function moveByKey(event: KeyboardEvent<HTMLElement>): void {
  const menu = event.currentTarget
  const items = listItems(menu)
  const focusedIndex = items.findIndex((item) => item.matches(':focus'))
  const nextIndex = findNextIndex(event.key, focusedIndex, items.length)
  if (event.key === 'Tab') menu.hidePopover()
  if (nextIndex === undefined) return
  event.preventDefault()
  items[nextIndex]?.focus()
}

/**
 * Returns the index of the item that a key moves the focus to, or undefined for other keys. If no item has the focus,
 * `focusedIndex` is -1, and the arrow keys go to the first or the last item.
 */
export function findNextIndex(key: string, focusedIndex: number, itemCount: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (focusedIndex + 1) % itemCount
    case 'ArrowUp':
      return (Math.max(focusedIndex, 0) + itemCount - 1) % itemCount
    case 'Home':
      return 0
    case 'End':
      return itemCount - 1
    default:
      return undefined
  }
}

/** Lists the items. Their role may be `menuitem` or `menuitemradio`. */
const listItems = (menu: HTMLElement): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]')]

/** Focuses an item, or the first one if none is found. */
function focusItem(menu: HTMLElement, findIndex: FindIndex): void {
  const items = listItems(menu)
  items[Math.max(0, findIndex(items))]?.focus()
}

/** Holds the props of a button and of the menu that it opens. The menu contains its items only while it is open. */
interface PopoverMenu {
  isOpen: boolean
  close(): void
  button: { ref: RefObject<HTMLButtonElement | null>; 'aria-expanded': boolean; popoverTarget: string }
  menu: {
    ref: RefObject<HTMLDivElement | null>
    id: string
    onToggle(event: ToggleEvent<HTMLDivElement>): void
    onKeyDown(event: KeyboardEvent<HTMLElement>): void
  }
}

/** Opens a menu from a button. `findFocusIndex` finds the item that gets the focus when the menu opens. */
export function usePopoverMenu(findFocusIndex: FindIndex): PopoverMenu {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    if (!isOpen || !menu.current || !button.current) return
    placeAtButton(menu.current, button.current)
    focusItem(menu.current, findFocusIndex)
  }, [isOpen, findFocusIndex])
  return {
    isOpen,
    close: () => menu.current?.hidePopover(),
    button: { ref: button, 'aria-expanded': isOpen, popoverTarget: id },
    menu: { ref: menu, id, onToggle: (event) => setIsOpen(event.newState === 'open'), onKeyDown: moveByKey },
  }
}
