import { describe } from 'vitest'
import { claims } from './claims.ts'
import { mariadb } from './products.ts'

const product = mariadb()

describe.skipIf(product === undefined)('a MariaDB', () => {
  if (product !== undefined) claims(product)
})
