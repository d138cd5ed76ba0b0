import { describe, expect, it } from 'vitest'
import { kindNames } from '../../lambdas/channels/kinds.ts'
import { sourceIn, textOf } from './source.ts'

/** Where the name of a kind stands for something else, or must stand. */
const exceptions: Readonly<Record<string, string>> = {
  'lambdas/domain/telling/channel.ts': 'a project begins with e-mail; only that is verified',
  'lambdas/domain/watching/ping.ts': 'the scheme of a ping',
  'lambdas/inbound/recipient.ts': 'the scheme of a ping',
  'lambdas/aws/service.ts': 'a service of AWS',
  'lambdas/runtime/aws-post.ts': 'a service of AWS',
  'lambdas/web/sign-in.ts': 'a field of a form',
  'lambdas/web/pages/sign-in.ts': 'a field of a form',
  'lib/account-targets.ts': 'a service of AWS',
  'lib/local/http/page.ts': 'the address of a project',
  'lib/local/services/aws-call.ts': 'a service of AWS',
  'lib/local/services/aws-request.ts': 'a service of AWS',
  'lib/local/services/faults.ts': 'a service of AWS',
  'lib/local/template/topics.ts': 'a protocol of SNS',
}

describe('a kind of channel', () => {
  const name = new RegExp(`['"\`](${kindNames().join('|')})['"\`]`)
  const naming = ['lambdas', 'lib', 'bin']
    .flatMap(sourceIn)
    .filter((file) => name.test(textOf(file)))

  it('is named by its module only, and where that has a reason', () => {
    const others = naming.filter((file) => !file.startsWith('lambdas/channels/'))

    expect(others.toSorted()).toEqual(Object.keys(exceptions).toSorted())
  })

  it.each(kindNames())('%s is named by one module', (kind) => {
    const modules = naming.filter(
      (file) => file.startsWith('lambdas/channels/') && textOf(file).includes(`kind: '${kind}'`),
    )

    expect(modules).toHaveLength(1)
  })
})
