export * from './catalogue.ts'
export { chainOf, firstChoices } from './choose.ts'
