/** Focuses an element when it is mounted. It is passed as the `ref` of the element. */
export const focusElement = (element: HTMLElement | null): void => element?.focus()

export const findMessageBox = (): HTMLElement | null => document.querySelector<HTMLElement>('.composer textarea')

export const focusMessageBox = (): void => findMessageBox()?.focus()

export const focusTimeline = (): void =>
  document.querySelector<HTMLElement>('.timeline .rows')?.focus({ preventScroll: true })

/** Returns true if a field has the focus and may use letter keys. A radio button uses none, so it does not count. */
export const isFieldFocused = (): boolean =>
  document.activeElement?.matches('input:not([type=radio]), textarea, select, [contenteditable]') ?? false
