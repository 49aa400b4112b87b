import { type KeyboardEvent, type RefObject, type ToggleEvent, useEffect, useId, useRef, useState } from 'react'

const EDGE_PX = 8
const GAP_PX = 4

/** Popovers lie above everything that clips, so their place is set by hand: below the button, or above where it fits. */
function placeBelow(menu: HTMLElement, button: HTMLElement): void {
  const { left, top, bottom } = button.getBoundingClientRect()
  const rightmost = innerWidth - menu.offsetWidth - EDGE_PX
  const fits = bottom + GAP_PX + menu.offsetHeight + EDGE_PX <= innerHeight
  const menuTop = fits ? bottom + GAP_PX : Math.max(EDGE_PX, top - GAP_PX - menu.offsetHeight)
  menu.style.inset = `${menuTop}px auto auto ${Math.max(EDGE_PX, Math.min(left, rightmost))}px`
}

/** Moves within an open menu by arrows, Home and End. Tab leaves it. */
function moveByKey(event: KeyboardEvent<HTMLElement>): void {
  const menu = event.currentTarget
  const move = (find: Parameters<typeof focusItem>[1]) => {
    event.preventDefault()
    focusItem(menu, find)
  }
  const findFocused = (items: HTMLElement[]) => items.findIndex((item) => item.matches(':focus'))
  if (event.key === 'ArrowDown') move((items) => (findFocused(items) + 1) % items.length)
  else if (event.key === 'ArrowUp') move((items) => (findFocused(items) + items.length - 1) % items.length)
  else if (event.key === 'Home') move(() => 0)
  else if (event.key === 'End') move((items) => items.length - 1)
  else if (event.key === 'Tab') menu.hidePopover()
}

function focusItem(menu: HTMLElement, find: (items: HTMLElement[]) => number): void {
  const items = [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  items[Math.max(0, find(items))]?.focus()
}

/** Connects a button with the menu that it opens. The items belong into the menu only while it is open. */
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

/** `findFirst` returns the index of the item that gets the focus when the menu opens. */
export function usePopoverMenu(findFirst: (items: HTMLElement[]) => number): PopoverMenu {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    if (!isOpen || !menu.current || !button.current) return
    placeBelow(menu.current, button.current)
    focusItem(menu.current, findFirst)
  }, [isOpen, findFirst])
  return {
    isOpen,
    close: () => menu.current?.hidePopover(),
    button: { ref: button, 'aria-expanded': isOpen, popoverTarget: id },
    menu: { ref: menu, id, onToggle: (event) => setIsOpen(event.newState === 'open'), onKeyDown: moveByKey },
  }
}
