export * from './rights-in.ts'
export * from './send-message.ts'
