import { runUserCommand } from '../src/user/run.ts'

// npm run user -- create|list|reset-password|deactivate: the users of the database that DATABASE_URL names; --help tells more.

process.exitCode = await runUserCommand(process.argv.slice(2), process.env)
