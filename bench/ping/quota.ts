import { constants } from 'node:fs'
import { access, mkdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A processor's share for processes, as Lambda gives it to a function by its memory. */
export type Quota = {
  readonly hold: (pid: number) => Promise<void>
  readonly end: () => Promise<void>
}

/** Lambda gives a whole processor at this size. */
const WHOLE_MEGABYTES = 1769
const PERIOD_MICROSECONDS = 20_000

const roots = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup']

/**
 * Undefined where the machine does not let us: it takes control groups, of either version, and the
 * right to make one.
 */
export async function makeQuota(megabytes: number): Promise<Quota | undefined> {
  const quota = Math.round((PERIOD_MICROSECONDS * megabytes) / WHOLE_MEGABYTES)
  for (const root of roots) {
    const folder = join(root, `overdue-bench-${process.pid}`)
    if (!(await isMade(folder, quota))) continue
    return {
      hold: (pid) => writeFile(join(folder, 'cgroup.procs'), pid.toString()),
      // Its processes have to be gone.
      end: () => rmdir(folder),
    }
  }
  return undefined
}

async function isMade(folder: string, quota: number): Promise<boolean> {
  try {
    await mkdir(folder)
  } catch {
    return false
  }
  try {
    await setLimit(folder, quota)
    return true
  } catch {
    await rmdir(folder)
    return false
  }
}

async function setLimit(folder: string, quota: number): Promise<void> {
  const limit = join(folder, 'cpu.max')
  const isSecondVersion = await access(limit, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (isSecondVersion) return writeFile(limit, `${quota} ${PERIOD_MICROSECONDS}`)
  await writeFile(join(folder, 'cpu.cfs_period_us'), PERIOD_MICROSECONDS.toString())
  await writeFile(join(folder, 'cpu.cfs_quota_us'), quota.toString())
}
