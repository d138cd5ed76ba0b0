import { z } from 'zod'
import { CallError, type AwsError, type AwsCall, type AwsService } from './aws-call.ts'
import type { Bucket } from './bucket.ts'

const objectShape = z.object({ Bucket: z.string(), Key: z.string() })

/** Plays S3, as far as it takes to read an object. */
export function makeS3Service(buckets: ReadonlyMap<string, Bucket>): AwsService {
  return {
    accesses: (call) => {
      const { Bucket: name, Key } = objectShape.parse(call.input)
      return [
        {
          action: `s3:${call.operation}`,
          resource: `${buckets.get(name)?.definition.arn ?? ''}/${Key}`,
        },
      ]
    },
    resources: (call) => [objectShape.parse(call.input).Bucket],
    perform: (call) =>
      Promise.resolve({
        status: 200,
        headers: { 'content-type': 'application/octet-stream' },
        body: read(buckets, call),
      }),
    refuse: refused,
  }
}

function read(buckets: ReadonlyMap<string, Bucket>, { input }: AwsCall): Buffer {
  const { Bucket: name, Key } = objectShape.parse(input)
  const bytes = buckets.get(name)?.get(Key)
  if (bytes === undefined) throw new CallError('NoSuchKey', 'the specified key does not exist')
  return bytes
}

function refused({ name, message, status }: AwsError) {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${name}</Code><Message>${message}</Message></Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}
