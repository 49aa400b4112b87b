export * from './person.ts'
export * from './process.ts'
export * from './product.ts'
