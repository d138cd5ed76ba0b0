#!/usr/bin/env node
import data from 'moment-timezone/data/packed/latest.json' with { type: 'json' }
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packZones } from './zones/pack.ts'

/** Takes over the time zones of the installed moment-timezone. */
const file = join(import.meta.dirname, '../lambdas/domain/schedule/zone-data.json')
writeFileSync(file, `${JSON.stringify(packZones(data), null, 2)}\n`)
console.log(`time zones are those of ${data.version}`)
