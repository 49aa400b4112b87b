// Run from the repository's root by `npm run migrate:generate`. Read drizzle/README.md before you commit what it writes.
export default {
  dialect: 'mysql',
  schema: './packages/adapters/src/mysql/schema/index.ts',
  out: './drizzle',
}
