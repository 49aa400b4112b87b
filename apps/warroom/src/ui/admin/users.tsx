import type { User, UserRole } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { openDialog } from '../../state/page/view.ts'
import { useSession } from '../../state/people/session.ts'
import { addUser, changeUser, loadMoreUsers, loadUsers, useUsers } from '../../state/people/users.ts'
import { useAct } from '../dialogs/act.ts'
import { Avatar } from '../parts/avatar.tsx'

const ROLES: readonly UserRole[] = ['engineer', 'admin', 'agent']

const findRole = (value: unknown): UserRole => ROLES.find((role) => role === value) ?? 'engineer'

export function Users(): ReactNode {
  const t = useMessages()
  const { users, next, loaded } = useUsers()
  const me = useSession(({ user }) => user)
  const { busy, problem, act } = useAct()
  useEffect(() => void loadUsers().catch(() => useUsers.setState({ loaded: true })), [])
  return (
    <>
      <NewUser busy={busy} act={act} />
      {problem !== '' && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {loaded && users.length === 0 && <p className="quiet">{t.only_admins}</p>}
      <ul className="users">
        {users.map((user) => (
          <UserRow key={user.user_id} user={user} isMe={user.user_id === me?.user_id} busy={busy} act={act} />
        ))}
      </ul>
      {next !== null && (
        <button type="button" onClick={() => act(loadMoreUsers)}>
          {t.load_more}
        </button>
      )}
    </>
  )
}

type Act = ReturnType<typeof useAct>['act']

function NewUser({ busy, act }: { busy: boolean; act: Act }): ReactNode {
  const t = useMessages()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    const [username, password] = ['username', 'password'].map((name) => `${data.get(name)}`)
    const role = findRole(data.get('role'))
    act(async () => {
      await addUser({ username: username ?? '', password: password ?? '', role })
      form.reset()
    })
  }
  return (
    <form className="new-user" onSubmit={submit}>
      <label>
        {t.username}
        <input name="username" required pattern="[a-z0-9][a-z0-9._\-]{0,63}" autoComplete="off" autoCapitalize="none" />
      </label>
      <label>
        {t.password_new}
        <input name="password" type="password" required minLength={10} maxLength={256} autoComplete="new-password" />
      </label>
      <RoleSelect name="role" label={t.role_label} />
      <button type="submit" className="primary" disabled={busy}>
        {t.create_user}
      </button>
    </form>
  )
}

function UserRow(props: { user: User; isMe: boolean; busy: boolean; act: Act }): ReactNode {
  const { user, isMe, busy, act } = props
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
        disabled={busy || isMe}
        onChange={(next) => act(() => changeUser(user_id, { role: next }))}
      />
      <button
        type="button"
        disabled={busy}
        aria-label={`${t.reset_password}: ${username}`}
        onClick={() => openDialog({ kind: 'reset_password', user_id, username })}
      >
        {t.reset_password}
      </button>
      <button
        type="button"
        className={active ? 'danger' : undefined}
        disabled={busy || isMe}
        onClick={() =>
          active
            ? openDialog({ kind: 'deactivate', user_id, username })
            : act(() => changeUser(user_id, { active: true }))
        }
      >
        {active ? t.deactivate : t.activate}
      </button>
    </li>
  )
}

function RoleSelect(props: {
  name?: string
  label?: string
  value?: UserRole
  disabled?: boolean
  onChange?(role: UserRole): void
}): ReactNode {
  const t = useMessages()
  const { name, label, value, disabled, onChange } = props
  const controlled = value === undefined ? {} : { value }
  return (
    <select
      {...controlled}
      name={name}
      aria-label={label}
      disabled={disabled}
      onChange={({ target }) => onChange?.(findRole(target.value))}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {t.role[role]}
        </option>
      ))}
    </select>
  )
}
