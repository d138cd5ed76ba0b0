/** What `overdue/constructs` is to other CDK apps. */
export { Overdue, type OverdueTables } from './overdue.ts'
export type { OverdueProps } from './props.ts'
