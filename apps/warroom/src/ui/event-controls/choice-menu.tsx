import type { ReactNode } from 'react'
import { Icon } from '../parts/icon.tsx'
import { usePopoverMenu } from '../parts/menu.ts'

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

const findChecked = (items: HTMLElement[]): number => items.findIndex((item) => item.ariaChecked === 'true')

/** Shows a value as a button that opens a menu of the others. Arrows move in it, Enter chooses, Esc closes. */
export function ChoiceMenu<Value extends string>(props: Props<Value>): ReactNode {
  const { label, word, value, choices, onChoose, children } = props
  const { isOpen, close, button, menu } = usePopoverMenu(findChecked)
  return (
    <>
      <button
        {...button}
        type="button"
        className="plain control"
        aria-haspopup="menu"
        aria-label={`${label}: ${word}`}
        title={label}
      >
        {children}
        <Icon name="chevron" />
      </button>
      <div {...menu} popover="auto" role="menu" aria-label={label} className="menu choices">
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
                close()
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
