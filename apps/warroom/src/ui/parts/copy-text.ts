import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'

/** Copies a text and says so. Plain http has no clipboard, so a dialog lets the text be copied by hand there. */
export async function copyText(text: string, successText: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    showToast(successText, 'good')
  } catch {
    openDialog({ kind: 'source', json: text })
  }
}
