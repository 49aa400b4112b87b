import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'

/** Copies a text and shows a toast. Over plain HTTP there is no clipboard, so a dialog shows the text for copying. */
export async function copyText(text: string, successText: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    showToast(successText, 'good')
  } catch {
    openDialog({ kind: 'text_to_copy', text })
  }
}
