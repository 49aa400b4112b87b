import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Dialog } from '../../state/page/view.ts'
import { ChangePasswordDialog } from '../dialogs/change-password.tsx'
import { CopyAnswerDialog } from '../dialogs/copy-answer.tsx'
import { DeactivateDialog } from '../dialogs/deactivate.tsx'
import { ExportDialog } from '../dialogs/export.tsx'
import { FeedbackDialog } from '../dialogs/feedback.tsx'
import { HelpDialog } from '../dialogs/help.tsx'
import { IndicatorDialog } from '../dialogs/indicator.tsx'
import { NewEventDialog } from '../dialogs/new-event.tsx'
import { NewSessionDialog } from '../dialogs/new-session.tsx'
import { NotificationsDialog } from '../dialogs/notifications.tsx'
import { ResetPasswordDialog } from '../dialogs/reset-password.tsx'
import { ShareDialog } from '../dialogs/share.tsx'
import { SignOutDialog } from '../dialogs/sign-out.tsx'
import { SignOutEverywhereDialog } from '../dialogs/sign-out-everywhere.tsx'
import { TextToCopyDialog } from '../dialogs/text-to-copy.tsx'
import { ConfirmChangeDialog } from '../event-controls/confirm-change.tsx'
import { MembersDialog } from '../event-controls/members.tsx'

/** Shows the content of any dialog. All dialogs are built into one file, which the page loads soon after its start. */
export default function DialogContent({ dialog, user }: { dialog: Dialog; user: User }): ReactNode {
  const content = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (content.current) focusFirstField(content.current)
  }, [dialog])
  return (
    <div ref={content}>
      <DialogBody dialog={dialog} user={user} />
    </div>
  )
}

/**
 * Focuses the first field, so that the user can type without a click. In a dialog that has only buttons, the focus
 * stays on the button that closes it. In a group of radio buttons, only the chosen one can get the focus. On a touch
 * screen no field is focused, because the keyboard would cover the dialog.
 */
function focusFirstField(content: HTMLElement): void {
  if (matchMedia('(hover: none)').matches) return
  const fields = [...content.querySelectorAll<HTMLElement>(':is(input, select, textarea):not(:disabled)')]
  fields.find((field) => field.matches(':not([type=radio]), :checked'))?.focus()
}

function DialogBody({ dialog, user }: { dialog: Dialog; user: User }): ReactNode {
  switch (dialog.kind) {
    case 'share':
      return <ShareDialog {...dialog} user={user} />
    case 'new_session':
      return <NewSessionDialog {...dialog} user={user} />
    case 'export':
      return <ExportDialog {...dialog} />
    case 'new_event':
      return <NewEventDialog />
    case 'text_to_copy':
      return <TextToCopyDialog {...dialog} />
    case 'indicator':
      return <IndicatorDialog {...dialog} user={user} />
    case 'copy_answer':
      return <CopyAnswerDialog {...dialog} />
    case 'feedback':
      return <FeedbackDialog {...dialog} />
    case 'close_event':
    case 'lower_tlp':
      return <ConfirmChangeDialog {...dialog} />
    case 'members':
      return <MembersDialog {...dialog} user={user} />
    case 'help':
      return <HelpDialog />
    case 'notifications':
      return <NotificationsDialog />
    case 'sign_out':
      return <SignOutDialog {...dialog} />
    case 'deactivate':
      return <DeactivateDialog {...dialog} />
    case 'change_password':
      return <ChangePasswordDialog user={user} />
    case 'reset_password':
      return <ResetPasswordDialog {...dialog} />
    case 'sign_out_everywhere':
      return <SignOutEverywhereDialog />
    default:
      dialog satisfies never
  }
}
