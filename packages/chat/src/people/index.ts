export {
  type Asker,
  canSee,
  deriveEventRights,
  type EventRights,
  listAudiences,
  mayStillAsk,
} from './access.ts'
export { createArgon2Passwords } from './argon2-passwords.ts'
export { describeAdminViews, isAdminView } from './audit/admin-view.ts'
export { exportAudit } from './audit/export-audit.ts'
export { listAuditEntries } from './audit/list-audit-entries.ts'
export { authenticate } from './authenticate.ts'
export {
  requireAdmin,
  requirePerson,
  requirePersonRights,
  requirePersonToReadNames,
  requireRights,
} from './check-rights.ts'
export { createFirstAdmin } from './create-first-admin.ts'
export { createUser } from './create-user.ts'
export { issueTicket } from './issue-ticket.ts'
export { listPeople } from './list-people.ts'
export { listUsers } from './list-users.ts'
export { logIn, type SignedIn, type SourceRecognition } from './log-in.ts'
export { logOut, logOutEverywhere } from './log-out.ts'
export { changeOwnPassword } from './passwords/change-own-password.ts'
export type { HashingPriority, Passwords } from './passwords.ts'
export { readOwnUser } from './read-own-user.ts'
export { refreshSignIn } from './refresh-sign-in.ts'
export {
  type ExpiringSignIn,
  RIGHTS_MAX_AGE_MS,
  type RightsLookup,
  type SignInRef,
  toAccessKey,
  type UncachedRights,
} from './rights.ts'
export { updateUser, updateUserAsOperator } from './update-user.ts'
export type { SignInLifetime, SignInStore, UserStore } from './user-store.ts'
