/**
 * In some browsers, `isComposing` is already false in the key event that ends a composition. Such an event has this key
 * code.
 */
const INPUT_METHOD_KEY_CODE = 229

/** Returns true if the key belongs to an input method, with which the writer composes a word. */
export const isComposingKey = (event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean =>
  event.isComposing || event.keyCode === INPUT_METHOD_KEY_CODE

/** Returns true for Enter without Shift or Alt, unless this Enter chooses a word of an input method. */
export function isSendKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode'>,
): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposingKey(event)
}
