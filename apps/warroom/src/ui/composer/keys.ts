/**
 * In some browsers, `isComposing` is already false at the key event that ends a composition. This key code marks it.
 */
const INPUT_METHOD_KEY_CODE = 229

/** Returns true for Enter without Shift and Alt, unless this Enter chooses a word of an input method. */
export function isSendKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode'>,
): boolean {
  const isComposing = event.isComposing || event.keyCode === INPUT_METHOD_KEY_CODE
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposing
}
