import { afterAll } from 'vitest'
import { removeChecks } from '../support/stack.ts'

afterAll(removeChecks)
