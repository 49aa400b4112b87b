import { useEffect } from 'react'
import { currentMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'

/** Says that files aren't taken. The browser would leave the page and show a dropped one in its place. */
export function useRefusedFiles(): void {
  useEffect(() => {
    const listening = new AbortController()
    const { signal } = listening
    addEventListener('dragover', refuseDrag, { signal })
    addEventListener('drop', refuseDrag, { signal })
    addEventListener('paste', refusePaste, { signal })
    return () => listening.abort()
  }, [])
}

function refuseDrag(event: DragEvent): void {
  if (!event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'none'
  if (event.type === 'drop') sayNoFiles()
}

/** A copy from a table or a document holds a picture beside its text. The text is taken. */
function refusePaste(event: ClipboardEvent): void {
  const { files, types } = event.clipboardData ?? {}
  if (files === undefined || files.length === 0 || types?.includes('text/plain')) return
  event.preventDefault()
  sayNoFiles()
}

const sayNoFiles = (): void => showToast(currentMessages().no_files, 'bad')
