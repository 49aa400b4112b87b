import { type ReactNode, type ToggleEvent, useEffect, useId, useRef, useState } from 'react'
import { Icon } from '../parts/icon.tsx'
import { focusItem, moveByKey, placeBelow } from '../parts/menu.ts'

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
