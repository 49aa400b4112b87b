import { EnvironmentError, readConfig } from '@engineer-chat/adapters/environment'

export const SECRET = 'dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy'

export const VALID_ENV = {
  DATABASE_URL: 'mysql://root@127.0.0.1:3306/engineer_chat',
  REDIS_URL: 'redis://127.0.0.1:6379',
  JWT_SECRET_KEY: SECRET,
}

export const FIRST_ADMIN = { ADMIN_USERNAME: 'admin', ADMIN_PASSWORD_FILE: '/nowhere' }

/** Returns the error for this environment. @throws Error when the environment is accepted */
export function catchEnvironmentError(
  env: NodeJS.ProcessEnv,
  sections?: Array<'database' | 'databaseAdmin' | 'http' | 'worker'>,
): EnvironmentError {
  try {
    if (sections) readConfig(env, sections)
    else readConfig(env)
  } catch (error) {
    if (error instanceof EnvironmentError) return error
    throw error
  }
  throw new Error('The environment was accepted.')
}
