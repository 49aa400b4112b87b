import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import type { Trouble } from '../../state/page/problems.ts'

/** Why a page has nothing to show, and a way to try again. */
export function TroubleNote({ trouble, again }: { trouble: Trouble | null; again(): void }): ReactNode {
  const say = useWords()
  if (trouble === null) return null
  return (
    <p className="problem trouble" role="alert">
      {say.trouble[trouble].what} {say.trouble[trouble].next}{' '}
      <button type="button" onClick={again}>
        {say.try_again}
      </button>
    </p>
  )
}
