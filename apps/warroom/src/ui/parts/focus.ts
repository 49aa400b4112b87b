/** Focuses, as a `ref`, the box that somebody opened in order to type into it. */
export const focusElement = (element: HTMLElement | null): void => element?.focus()

export const findMessageBox = (): HTMLElement | null => document.querySelector<HTMLElement>('.composer textarea')

export const focusMessageBox = (): void => findMessageBox()?.focus()
