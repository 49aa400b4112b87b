import { useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/problems.ts'
import { closeDialog } from '../../state/page/view.ts'

/** Runs an action once, then closes the dialog or tells why it failed. */
export function useAct() {
  const t = useMessages()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const act = (doing: () => Promise<unknown>) => {
    setBusy(true)
    setProblem('')
    doing()
      .then(closeDialog)
      .catch((error: unknown) => {
        const { what, next } = t.trouble[toErrorKind(error)]
        setProblem(`${what} ${next}`)
      })
      .finally(() => setBusy(false))
  }
  return { busy, problem, act }
}
