#!/usr/bin/env node
// In a checkout the command runs from its sources, in the package as it was bundled: overdue run,
// which starts with each job, in a file of its own. The version takes none of it.
/* global console, process, URL */

// An ES module that imports `fs` loads all its streams.
const { existsSync, readFileSync } = process.getBuiltinModule('node:fs')

const [called, ...further] = process.argv.slice(2)
if (called === '--version' && further.length === 0) {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  console.log(/"version": "(.+)"/.exec(text)?.[1])
} else {
  const sources = new URL('operate.ts', import.meta.url)
  const bundled = called === 'run' ? '../dist/run.js' : '../dist/operate.js'
  await import(existsSync(sources) ? sources : bundled)
}
