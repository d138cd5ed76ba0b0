#!/usr/bin/env node
// In a checkout the command runs from its sources, in the package as it was bundled.
import { existsSync } from 'node:fs'
import { URL } from 'node:url'

const sources = new URL('operate.ts', import.meta.url)
await import(existsSync(sources) ? sources : '../dist/operate.js')
