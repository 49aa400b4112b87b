import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Dialog } from '../../state/page/view.ts'
import { ChangePassword } from '../dialogs/change-password.tsx'
import { CopyAnswer } from '../dialogs/copy-answer.tsx'
import { Deactivate } from '../dialogs/deactivate.tsx'
import { Export } from '../dialogs/export.tsx'
import { FeedbackDialog } from '../dialogs/feedback.tsx'
import { Help } from '../dialogs/help.tsx'
import { IndicatorDialog } from '../dialogs/indicator.tsx'
import { NewEvent } from '../dialogs/new-event.tsx'
import { NewSession } from '../dialogs/new-session.tsx'
import { Notifications } from '../dialogs/notifications.tsx'
import { ResetPassword } from '../dialogs/reset-password.tsx'
import { Share } from '../dialogs/share.tsx'
import { SignOut } from '../dialogs/sign-out.tsx'
import { SignOutEverywhere } from '../dialogs/sign-out-everywhere.tsx'
import { Source } from '../dialogs/source.tsx'
import { ConfirmChange } from '../event-controls/confirm-change.tsx'
import { Members } from '../event-controls/members.tsx'

/** Shows the content of any dialog. All of them are one file, which the page loads when it has nothing else to do. */
export default function DialogContent({ dialog, user }: { dialog: Dialog; user: User }): ReactNode {
  const content = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (content.current) focusFirstField(content.current)
  }, [dialog])
  return (
    <div ref={content}>
      <Content dialog={dialog} user={user} />
    </div>
  )
}

/**
 * Focuses the first field, so that one types and presses Enter at once. Where a question has only buttons, the focus
 * stays on the button that closes the dialog. On a touch screen a field would open the keyboard over the dialog.
 */
function focusFirstField(content: HTMLElement): void {
  if (matchMedia('(hover: none)').matches) return
  const fields = [...content.querySelectorAll<HTMLElement>(':is(input, select, textarea):not(:disabled)')]
  fields.find((field) => field.matches(':not([type=radio]), :checked'))?.focus()
}

function Content({ dialog, user }: { dialog: Dialog; user: User }): ReactNode {
  switch (dialog.kind) {
    case 'share':
      return <Share {...dialog} user={user} />
    case 'new_session':
      return <NewSession {...dialog} user={user} />
    case 'export':
      return <Export {...dialog} />
    case 'new_event':
      return <NewEvent />
    case 'source':
      return <Source {...dialog} />
    case 'indicator':
      return <IndicatorDialog {...dialog} user={user} />
    case 'copy_answer':
      return <CopyAnswer {...dialog} />
    case 'feedback':
      return <FeedbackDialog {...dialog} />
    case 'close_event':
    case 'lower_tlp':
      return <ConfirmChange {...dialog} />
    case 'members':
      return <Members {...dialog} user={user} />
    case 'help':
      return <Help />
    case 'notifications':
      return <Notifications />
    case 'sign_out':
      return <SignOut {...dialog} />
    case 'deactivate':
      return <Deactivate {...dialog} />
    case 'change_password':
      return <ChangePassword user={user} />
    case 'reset_password':
      return <ResetPassword {...dialog} />
    case 'sign_out_everywhere':
      return <SignOutEverywhere />
  }
}
