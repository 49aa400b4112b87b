/** Browsers that end a composition before its key event mark the event by this code alone. */
const INPUT_METHOD_KEY_CODE = 229

/** Returns true for Enter, but not for Shift+Enter, and not for the Enter that chooses a word of an input method. */
export function isSendKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode'>,
): boolean {
  const isComposing = event.isComposing || event.keyCode === INPUT_METHOD_KEY_CODE
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposing
}
