import type { ReactNode } from 'react'
import { Icon } from '../parts/icon.tsx'
import { usePopoverMenu } from '../parts/menu.ts'

interface Props<Value extends string> {
  /** Names the field for screen readers. */
  label: string
  /** Names the current value for screen readers. */
  valueText: string
  value: Value
  choices: ReadonlyArray<{ value: Value; content: ReactNode; isDisabled?: boolean }>
  onChoose(value: Value): void
  /** Shows the current value on the button. */
  children: ReactNode
}

const findCheckedIndex = (items: HTMLElement[]): number => items.findIndex((item) => item.ariaChecked === 'true')

/**
 * Shows a value as a button that opens a menu of all choices. Arrow keys move in the menu, Enter chooses, Esc closes.
 */
export function ChoiceMenu<Value extends string>(props: Props<Value>): ReactNode {
  const { label, valueText, value, choices, onChoose, children } = props
  const { isOpen, close, button, menu } = usePopoverMenu(findCheckedIndex)
  return (
    <>
      <button
        {...button}
        type="button"
        className="plain control"
        aria-haspopup="menu"
        aria-label={`${label}: ${valueText}`}
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
              aria-disabled={choice.isDisabled}
              tabIndex={-1}
              className="plain"
              onClick={() => {
                if (choice.isDisabled) return
                close()
                onChoose(choice.value)
              }}
            >
              {choice.content}
              {choice.value === value && <Icon name="check" />}
            </button>
          ))}
      </div>
    </>
  )
}
