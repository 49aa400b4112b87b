import { useEffect } from 'react'
import { getMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'

/**
 * Refuses dropped and pasted files with a toast. Without this, the browser would replace the page by a dropped file.
 */
export function useFileRefusal(): void {
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    addEventListener('dragover', refuseDrag, { signal })
    addEventListener('drop', refuseDrag, { signal })
    addEventListener('paste', refusePaste, { signal })
    return () => controller.abort()
  }, [])
}

function refuseDrag(event: DragEvent): void {
  if (!event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'none'
  if (event.type === 'drop') showRefusal()
}

/**
 * Refuses pasted files. If the clipboard also has a text, the browser pastes the text, because a copy from a word
 * processor contains a text and its picture.
 */
function refusePaste(event: ClipboardEvent): void {
  const { files, types } = event.clipboardData ?? {}
  if (files === undefined || files.length === 0 || types?.includes('text/plain')) return
  event.preventDefault()
  showRefusal()
}

const showRefusal = (): void => showToast(getMessages().no_files, 'bad')
