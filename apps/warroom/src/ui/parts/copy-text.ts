import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'

/** Copies a text and says so. Plain http has no clipboard, so the dialog of a message's source shows the text. */
export async function copyText(text: string, successText: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    showToast(successText, 'good')
  } catch {
    openDialog({ kind: 'source', text })
  }
}
