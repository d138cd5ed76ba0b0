import { type Command, InvalidArgumentError } from 'commander'
import { isWebAddress } from './destination.ts'

/** The options that say where pings go, where the environment does not. */
export function withPingSettings(command: Command): Command {
  return command
    .option('--url <url>', 'where Overdue is (OVERDUE_URL)', webAddress)
    .option(
      '--ping-endpoint <url>',
      'where pings go, if elsewhere (OVERDUE_PING_ENDPOINT)',
      webAddress,
    )
    .option('--ping-key <key>', 'for a slug; others see it on the line (OVERDUE_PING_KEY)')
    .option(
      '--settings <file>',
      'a file of such variables that only you may read; ~/.config/overdue.env unless given (OVERDUE_SETTINGS)',
    )
    .option('--secret <arn>', 'a secret of AWS Secrets Manager that has them (OVERDUE_SECRET)')
}

function webAddress(text: string): string {
  if (!isWebAddress(text))
    throw new InvalidArgumentError('It takes a URL such as https://overdue.example.com.')
  return text
}
