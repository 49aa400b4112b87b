/** Browsers that end a composition before its key event say so by this code alone. */
const KEY_OF_INPUT_METHOD = 229

/** Enter sends; the Enter that takes a candidate of an input method, and Shift+Enter, don't. */
export function isSendKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode'>,
): boolean {
  const isComposing = event.isComposing || event.keyCode === KEY_OF_INPUT_METHOD
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposing
}
