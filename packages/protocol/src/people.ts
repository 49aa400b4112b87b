import { type Static, Type } from 'typebox'
import { Timestamp, UserId, UserRole } from './scalars.ts'

export const User = Type.Object(
  {
    user_id: UserId,
    username: Type.String(),
    role: UserRole,
    active: Type.Boolean(),
    created_at: Timestamp,
  },
  { $id: 'User' },
)
export type User = Static<typeof User>

/** Describes a person, and whether this person may enter a room. */
export const Person = Type.Object({
  user_id: UserId,
  username: Type.String(),
  role: UserRole,
  may_enter: Type.Boolean({
    description: 'It is false for deactivated users. In a restricted event it is true only for members and admins.',
  }),
})
export type Person = Static<typeof Person>

export const USERNAME_PATTERN = '^[a-z0-9][a-z0-9._-]{0,63}$'
/** The length is counted in Unicode code points. */
export const PASSWORD_LENGTH = { minLength: 10, maxLength: 256 }

const Username = Type.String({ pattern: USERNAME_PATTERN })
const Password = Type.String(PASSWORD_LENGTH)
/**
 * Limits an existing password that a user enters. It may have more code points than a new one, because some keyboards
 * send one letter as several code points.
 */
const EnteredPassword = Type.String({ minLength: 1, maxLength: 4 * PASSWORD_LENGTH.maxLength })

export const Login = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 64 }),
  password: EnteredPassword,
})
export type Login = Static<typeof Login>

export const AccessGrant = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'The access token expires after this time, in seconds.' }),
  user: User,
})
export type AccessGrant = Static<typeof AccessGrant>

export const SocketTicket = Type.Object({
  ticket: Type.String(),
  expires_in: Type.Integer({ description: 'The ticket expires after this time, in seconds.' }),
})
export type SocketTicket = Static<typeof SocketTicket>

export const CreateUser = Type.Object({ username: Username, password: Password, role: UserRole })
export type CreateUser = Static<typeof CreateUser>

export const UpdateUser = Type.Partial(
  Type.Object({
    role: UserRole,
    active: Type.Boolean(),
    password: Password,
    your_password: Type.String({
      ...EnteredPassword,
      description: "It is the admin's own password. A request that sets `password` needs it.",
    }),
  }),
)
export type UpdateUser = Static<typeof UpdateUser>

export const ChangePassword = Type.Object({ current_password: EnteredPassword, new_password: Password })
export type ChangePassword = Static<typeof ChangePassword>
