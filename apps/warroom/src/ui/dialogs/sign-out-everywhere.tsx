import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { signOutEverywhere } from '../../state/people/sign-in.ts'
import { Confirm, Points } from './confirm.tsx'
import { useAction } from './use-action.ts'

/** Says what signing out everywhere ends and what it keeps. */
export function SignOutEverywhere(): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  const labels = { confirmLabel: t.everywhere_do, cancelLabel: t.stay }
  return (
    <Confirm {...labels} {...{ isBusy, errorText }} onConfirm={() => run(signOutEverywhere)}>
      <Points lines={t.everywhere_what} />
    </Confirm>
  )
}
