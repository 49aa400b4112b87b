import { useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { closeDialog, useView } from '../../state/page/view.ts'

/**
 * Returns a function that runs an action and then closes the dialog that was open when the action began. If the action
 * fails, the dialog stays open and `errorText` holds the text of the error.
 */
export function useAction() {
  const t = useMessages()
  const [isBusy, setIsBusy] = useState(false)
  const [errorText, setErrorText] = useState('')
  const run = (action: () => Promise<unknown>) => {
    setIsBusy(true)
    setErrorText('')
    const { dialog } = useView.getState()
    action()
      .then(() => {
        if (useView.getState().dialog === dialog) closeDialog()
      })
      .catch((error: unknown) => {
        const { cause, nextStep } = t.errorText[toErrorKind(error)]
        setErrorText(`${cause} ${nextStep}`)
      })
      .finally(() => setIsBusy(false))
  }
  return { isBusy, errorText, run }
}
