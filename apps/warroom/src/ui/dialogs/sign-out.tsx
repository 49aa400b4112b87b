import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import { signOut } from '../../state/session.ts'
import { closeDialog } from '../../state/view.ts'

export function SignOut({ unsent }: { unsent: number }): ReactNode {
  const say = useWords()
  return (
    <div className="content">
      <p>{say.sign_out_loses(unsent)}</p>
      <p className="ways">
        <button type="button" className="danger" onClick={() => void signOut()}>
          {say.sign_out_anyway}
        </button>
        <button type="button" onClick={closeDialog}>
          {say.stay}
        </button>
      </p>
    </div>
  )
}
