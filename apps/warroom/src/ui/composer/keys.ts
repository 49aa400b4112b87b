/** Browsers that end a composition before its key event mark the event by this code alone. */
const INPUT_METHOD_KEY_CODE = 229

/** Enter sends; the Enter that takes a candidate of an input method, and Shift+Enter, don't. */
export function isSendKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode'>,
): boolean {
  const isComposing = event.isComposing || event.keyCode === INPUT_METHOD_KEY_CODE
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposing
}
