import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { signOutEverywhere } from '../../state/people/sign-in.ts'
import { Confirm, ExplanationList } from './confirm.tsx'
import { useAction } from './use-action.ts'

/** Explains the effects of signing out everywhere, and asks for confirmation. */
export function SignOutEverywhereDialog(): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  const labels = { confirmLabel: t.sign_out_everywhere_button, cancelLabel: t.stay }
  return (
    <Confirm {...labels} isBusy={isBusy} errorText={errorText} onConfirm={() => run(signOutEverywhere)}>
      <ExplanationList lines={t.sign_out_everywhere_effects} />
    </Confirm>
  )
}
