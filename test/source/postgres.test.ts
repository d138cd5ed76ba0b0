import { describe } from 'vitest'
import { claims } from './claims.ts'
import { postgres } from './products.ts'

const product = postgres()

describe.skipIf(product === undefined)('a PostgreSQL', () => {
  if (product !== undefined) claims(product)
})
