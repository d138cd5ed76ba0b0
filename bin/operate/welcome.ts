import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { WelcomeMail } from '../../lambdas/domain/people/personal-mail.ts'
import type { PersonalMessage } from '../../lambdas/domain/telling/notice.ts'
import type { Deployment } from './target.ts'

const KEPT_MS = 86_400_000

type Welcome = {
  readonly link: string
  mail(to: Pick<WelcomeMail, 'to' | 'part'>): Promise<void>
}

/**
 * How somebody is mailed where the dashboard is: the way that sign-ins are mailed.
 * @throws when the deployment has no dashboard
 */
export function welcomeOf({ sqs, parkings, dashboard: link, clock }: Deployment): Welcome {
  const requests = parkings.find(({ name }) => name === 'Requests')
  if (link === undefined || requests === undefined)
    throw new Error('the deployment has no dashboard: its setting dashboard is off')
  return {
    link,
    async mail({ to, part }) {
      const expiresAt = clock.now() + KEPT_MS
      const message: PersonalMessage = { personal: { kind: 'welcome', to, link, part, expiresAt } }
      const MessageBody = JSON.stringify(message)
      await sqs.send(new SendMessageCommand({ QueueUrl: requests.queueUrl, MessageBody }))
    },
  }
}
