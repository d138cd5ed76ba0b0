import build from '../support/global-setup.ts'
import { mariadb, postgres } from './products.ts'

/** Says which databases are not there, because tests that are skipped say nothing. */
export default async function setup(): Promise<void> {
  if (mariadb() === undefined) process.stdout.write(absent('mariadb-server'))
  if (postgres() === undefined) process.stdout.write(absent('postgresql'))
  await build()
}

function absent(name: string): string {
  return `${name} is not installed: its mirror is skipped\n`
}
