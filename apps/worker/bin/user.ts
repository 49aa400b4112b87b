import { runUserCommand } from '../src/user/run.ts'

// npm run user -- create|list|reset-password|deactivate manages the users of the database that DATABASE_URL names.
// --help describes the arguments.

process.exitCode = await runUserCommand(process.argv.slice(2), process.env)
