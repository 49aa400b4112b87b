import type { User, UserRole } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { openDialog } from '../../state/page/view.ts'
import { useSignIn } from '../../state/people/sign-in.ts'
import { addUser, loadMoreUsers, loadUsers, updateUser, useUsers } from '../../state/people/users.ts'
import { useAction } from '../dialogs/use-action.ts'
import { Avatar } from '../parts/avatar.tsx'
import { ErrorText } from '../parts/error-text.tsx'
import { MIN_PASSWORD_LENGTH, PasswordInput } from '../parts/password-input.tsx'
import { ErrorNote } from './error-note.tsx'

const ROLES: readonly UserRole[] = ['engineer', 'admin', 'agent']

const toUserRole = (value: unknown): UserRole => ROLES.find((role) => role === value) ?? 'engineer'

export function UsersPage(): ReactNode {
  const t = useMessages()
  const { users, nextCursor, errorKind } = useUsers()
  const signedInUser = useSignIn(({ user }) => user)
  const { isBusy, errorText, run } = useAction()
  const reload = () => void loadUsers()
  useEffect(reload, [])
  return (
    <>
      <NewUserForm isBusy={isBusy} run={run} />
      <ErrorText text={errorText} />
      <ErrorNote errorKind={errorKind} reload={reload} />
      <ul className="users">
        {users.map((user) => (
          <UserRow
            key={user.user_id}
            user={user}
            isMe={user.user_id === signedInUser?.user_id}
            isBusy={isBusy}
            run={run}
          />
        ))}
      </ul>
      {nextCursor !== null && (
        <button type="button" disabled={isBusy} onClick={() => run(loadMoreUsers)}>
          {t.load_more}
        </button>
      )}
    </>
  )
}

type Run = ReturnType<typeof useAction>['run']

/** Creates a user. The server checks the inputs again. */
function NewUserForm({ isBusy, run }: { isBusy: boolean; run: Run }): ReactNode {
  const t = useMessages()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const formData = new FormData(form)
    const user = {
      username: `${formData.get('username')}`,
      password: `${formData.get('password')}`,
      role: toUserRole(formData.get('role')),
    }
    run(async () => {
      await addUser(user)
      form.reset()
    })
  }
  return (
    <form className="new-user" onSubmit={submit}>
      <label>
        {t.username}
        <input name="username" required pattern="[a-z0-9][a-z0-9._\-]{0,63}" autoComplete="off" autoCapitalize="none" />
      </label>
      <PasswordInput
        name="password"
        label={t.password_new}
        autoComplete="new-password"
        minLength={MIN_PASSWORD_LENGTH}
      />
      <RoleSelect name="role" label={t.role_label} />
      <button type="submit" className="primary" disabled={isBusy}>
        {t.create_user}
      </button>
    </form>
  )
}

function UserRow(props: { user: User; isMe: boolean; isBusy: boolean; run: Run }): ReactNode {
  const { user, isMe, isBusy, run } = props
  const t = useMessages()
  const { user_id, username, role, active } = user
  return (
    <li className={active ? 'user' : 'user inactive'}>
      <Avatar kind={role === 'agent' ? 'agent' : 'person'} name={username} />
      <span className="who">
        <strong>{username}</strong>
        <span className="quiet">{active ? t.active_user : t.inactive_user}</span>
      </span>
      <RoleSelect
        label={`${t.role_label}: ${username}`}
        value={role}
        disabled={isBusy || isMe}
        onChange={(newRole) => run(() => updateUser(user_id, { role: newRole }))}
      />
      <button
        type="button"
        disabled={isBusy}
        aria-label={`${t.reset_password}: ${username}`}
        onClick={() => openDialog({ kind: 'reset_password', user_id, username })}
      >
        {t.reset_password}
      </button>
      <button
        type="button"
        className={active ? 'danger' : undefined}
        disabled={isBusy || isMe}
        onClick={() =>
          active
            ? openDialog({ kind: 'deactivate', user_id, username })
            : run(() => updateUser(user_id, { active: true }))
        }
      >
        {active ? t.deactivate : t.activate}
      </button>
    </li>
  )
}

/** Selects a role of the product. Without `value`, the browser holds the choice, and a form reads it under `name`. */
function RoleSelect(props: {
  name?: string
  label?: string
  value?: UserRole
  disabled?: boolean
  onChange?(role: UserRole): void
}): ReactNode {
  const t = useMessages()
  const { name, label, value, disabled, onChange } = props
  const valueProp = value === undefined ? {} : { value }
  return (
    <select
      {...valueProp}
      name={name}
      aria-label={label}
      disabled={disabled}
      onChange={({ target }) => onChange?.(toUserRole(target.value))}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {t.role[role]}
        </option>
      ))}
    </select>
  )
}
