import { type KeyboardEvent, type ReactNode, type ToggleEvent, useEffect, useId, useRef, useState } from 'react'
import { Icon } from '../parts/icon.tsx'

interface Props<Value extends string> {
  /** Names the field for screen readers. */
  label: string
  /** Says the current value in words. */
  word: string
  value: Value
  choices: ReadonlyArray<{ value: Value; show: ReactNode; isRefused?: boolean }>
  onChoose(value: Value): void
  children: ReactNode
}

/** Shows a value as a button that opens a menu of the others. Arrows move in it, Enter chooses, Esc closes. */
export function ChoiceMenu<Value extends string>(props: Props<Value>): ReactNode {
  const { label, word, value, choices, onChoose, children } = props
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    if (!isOpen || !menu.current || !button.current) return
    placeBelow(menu.current, button.current)
    focusItem(menu.current, (items) => items.findIndex((item) => item.ariaChecked === 'true'))
  }, [isOpen])
  return (
    <>
      <button
        ref={button}
        type="button"
        className="plain control"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={`${label}: ${word}`}
        title={label}
        popoverTarget={id}
      >
        {children}
        <Icon name="chevron" />
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu choices"
        onToggle={(event: ToggleEvent<HTMLDivElement>) => setIsOpen(event.newState === 'open')}
        onKeyDown={moveByKey}
      >
        {isOpen &&
          choices.map((choice) => (
            <button
              key={choice.value}
              type="button"
              role="menuitemradio"
              aria-checked={choice.value === value}
              aria-disabled={choice.isRefused}
              tabIndex={-1}
              className="plain"
              onClick={() => {
                if (choice.isRefused) return
                menu.current?.hidePopover()
                onChoose(choice.value)
              }}
            >
              {choice.show}
              {choice.value === value && <Icon name="check" />}
            </button>
          ))}
      </div>
    </>
  )
}

const EDGE_PX = 8

/** Popovers lie above everything that clips, so their place is set by hand. */
function placeBelow(menu: HTMLElement, button: HTMLElement): void {
  const { left, bottom } = button.getBoundingClientRect()
  const rightmost = innerWidth - menu.offsetWidth - EDGE_PX
  menu.style.inset = `${bottom + 4}px auto auto ${Math.max(EDGE_PX, Math.min(left, rightmost))}px`
}

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
  const items = [...menu.querySelectorAll<HTMLElement>('[role=menuitemradio]')]
  items[Math.max(0, find(items))]?.focus()
}
